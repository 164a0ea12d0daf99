import { type Call, family } from '../../authorization/index.ts'
import { type AccountId, fault, iamArn, newId } from '../../base/index.ts'
import { type Account, instanceProfiles, type Role, roles } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { pageBelow } from './by-name.ts'
import { ofTable, shown } from './derived.ts'
import { encodeDocument } from './document.ts'
import { alreadyExists, checkQuota, deleteConflict, invalidInput } from './faults.ts'
import { asks, boundaryKey, creates, get, lists } from './target.ts'
import { findNamed, roleArn, theRole } from './targets.ts'
import { boundaryOut, checkedBoundary } from './traits/boundaries.ts'
import { newTags, tagsOut } from './traits/tags.ts'
import { accountsInTrust, bindTrust, namesIds, trustOut } from './trust.ts'

/** The default duration of a role's sessions. */
const defaultSessionSeconds = 3_600

const boundaryOfRole = (_input: unknown, role: Role | undefined) => boundaryKey(role?.boundaryArn)

/** Roles themselves and their trust policies. */
export const roleFamily = family<Iam.Operations>()({
  CreateRole: {
    accounts: (input) => accountsInTrust(input.AssumeRolePolicyDocument),
    ...creates(
      theRole,
      (input: Iam.CreateRoleRequest, call) => iamArn(call.account, 'role', input.Path ?? '/', input.RoleName),
      (input) => boundaryKey(input.PermissionsBoundary),
    ),
    run(input, call) {
      const { account } = call
      if (findNamed(roles, account, input.RoleName) !== undefined) {
        throw alreadyExists(`Role with name ${input.RoleName} already exists.`)
      }
      // the path of service-linked roles is AWS's own (behaviour IAM-67)
      if (input.Path?.startsWith('/aws-reserved/') === true)
        throw invalidInput('The path /aws-reserved/ is reserved for roles of AWS.')
      if (input.Path?.startsWith('/aws-service-role/') === true) {
        throw invalidInput('The path /aws-service-role/ is reserved for service-linked roles.')
      }
      checkQuota(call, 'RolesPerAccount', account.table(roles).size + 1)
      const role: Role = {
        id: newId('AROA', account.id, call.deps.random),
        name: input.RoleName,
        path: input.Path ?? '/',
        createdAt: call.now,
        inline: {},
        attached: [],
        ...bindTrust(input.AssumeRolePolicyDocument, call),
        maxSessionSeconds: input.MaxSessionDuration ?? defaultSessionSeconds,
        tags: newTags(theRole, input.Tags, call),
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.PermissionsBoundary === undefined
          ? {}
          : { boundaryArn: checkedBoundary(input.PermissionsBoundary, call) }),
      }
      account.table(roles).put(role)
      return {
        Role: {
          ...roleHead(role, call),
          // as it was sent; later answers show the stored form (behaviour IAM-63)
          AssumeRolePolicyDocument: encodeDocument(input.AssumeRolePolicyDocument),
          ...descriptionOut(role),
          ...boundaryOut(role.boundaryArn),
          ...tagsOut(role.tags),
        },
      }
    },
  },
  GetRole: {
    accounts: (input, call) => theRole.find(input, call)?.trustAccounts ?? [],
    ...asks(theRole, boundaryOfRole),
    run: (input, call) => ({ Role: roleDetail(get(theRole, input, call), call) }),
  },
  ListRoles: {
    accounts: (_input, call) => trustedAccounts(call.account),
    ...lists('role'),
    run(input, call) {
      const { items, rest } = pageBelow(roles, input, call)
      return { Roles: items.map((role) => roleSummary(role, call)), ...rest }
    },
  },
  UpdateRole: {
    ...asks(theRole, boundaryOfRole),
    run(input, call) {
      const role = get(theRole, input, call)
      if (input.MaxSessionDuration !== undefined) checkUnlinked(role)
      checkUnreserved(role)
      call.account.table(roles).put({
        ...role,
        // an omitted member is unchanged, although the reference mentions one hour (behaviour IAM-68)
        ...(input.Description === undefined ? {} : { description: input.Description }),
        maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
      })
      return {}
    },
  },
  UpdateRoleDescription: {
    accounts: (input, call) => theRole.find(input, call)?.trustAccounts ?? [],
    ...asks(theRole, boundaryOfRole),
    run(input, call) {
      const role = { ...get(theRole, input, call), description: input.Description }
      checkUnreserved(role)
      call.account.table(roles).put(role)
      return { Role: { ...roleBrief(role, call), ...descriptionOut(role) } }
    },
  },
  UpdateAssumeRolePolicy: {
    accounts: (input) => accountsInTrust(input.PolicyDocument),
    ...asks(theRole, boundaryOfRole),
    run(input, call) {
      const role = get(theRole, input, call)
      checkUnlinked(role)
      const { trustAccounts: _, ...rest } = role
      call.account.table(roles).put({ ...rest, ...bindTrust(input.PolicyDocument, call) })
    },
  },
  DeleteRole: {
    ...asks(theRole, boundaryOfRole),
    run(input, call) {
      const role = get(theRole, input, call)
      checkUnlinked(role)
      const conflict = hangsOnRole(role, call.account)
      if (conflict !== undefined) throw deleteConflict(conflict)
      call.account.table(roles).delete(role.id)
      call.account.usage.forget(role.id)
    },
  },
})

/** @throws Fault UnmodifiableEntity if the role belongs to a service (behaviours POL-070 and IAM-94) */
export function checkUnlinked(role: Role): void {
  if (role.linkedService === undefined && role.reservedBy === undefined) return
  throw fault(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    400,
  )
}

/** A role that a service reserves can be changed in nothing, its description included (behaviour SSO-45). */
export function checkUnreserved(role: Role): void {
  if (role.reservedBy !== undefined) checkUnlinked(role)
}

/** Returns every other account whose entities a role of the account trusts by id. */
export const trustedAccounts = ofTable(roles, (table): readonly AccountId[] => {
  const accounts = new Set<AccountId>()
  for (const role of table.values()) {
    for (const id of role.trustAccounts ?? []) accounts.add(id)
  }
  return [...accounts]
})

function hangsOnRole(role: Role, account: Account): string | undefined {
  for (const profile of account.table(instanceProfiles).values()) {
    if (profile.roleId === role.id) {
      return 'Cannot delete entity, must remove roles from instance profile first.'
    }
  }
  if (Object.keys(role.inline).length > 0) return 'Cannot delete entity, must delete policies first.'
  if (role.attached.length > 0) return 'Cannot delete entity, must detach all policies first.'
  return undefined
}

function roleHead(role: Role, call: Call) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: roleArn(call, role),
    CreateDate: role.createdAt,
  }
}

/** Returns a role as instance profiles show it. */
export function roleBrief(role: Role, call: Call): Iam.Role {
  return { ...roleHead(role, call), AssumeRolePolicyDocument: trustOut(role, call) }
}

/** Returns a role as lists show it: without tags, boundary and last use (behaviour IAM-45). */
const roleSummary = shown(
  (role: Role, call): Iam.Role => ({
    ...roleBrief(role, call),
    ...descriptionOut(role),
    MaxSessionDuration: role.maxSessionSeconds,
  }),
  (role) => !namesIds(role), // whom an id is of, and whether anybody, changes
)

function roleDetail(role: Role, call: Call): Iam.Role {
  return {
    ...roleSummary(role, call),
    ...boundaryOut(role.boundaryArn),
    ...tagsOut(role.tags),
    RoleLastUsed: lastUsedOut(role, call),
    ...(role.source === undefined
      ? {}
      : {
          SourceRoleTemplate: {
            TemplateArn: role.source.templateArn,
            TemplateMinorVersion: role.source.minorVersion,
          },
        }),
  }
}

/** An empty description is kept as a description (behaviour IAM-68). */
function descriptionOut({ description }: Role): { readonly Description?: string } {
  return description === undefined ? {} : { Description: description }
}

/** Returns the time and region of the role's last call; empty if there was none (behaviour IAM-80). */
export function lastUsedOut(role: Role, call: Call): Iam.RoleLastUsed {
  const use = call.account.usage.find(role.id)
  return use === undefined ? {} : { LastUsedDate: use.at, Region: use.region }
}
