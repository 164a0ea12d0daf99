import type { Call, Family } from '../../authorization/index.ts'
import {
  type Group,
  groups,
  type InstanceProfile,
  instanceProfiles,
  policies,
  type Role,
  roles,
  type User,
  users,
} from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { type AnyPolicy, findPolicy, ofAccount } from './any-policy.ts'
import { allAttachments } from './attachment-counts.ts'
import { byName, nameKey } from './by-name.ts'
import { encodeDocument } from './document.ts'
import { groupsOf } from './groups.ts'
import { profileOut } from './instance-profiles.ts'
import { page, sortedBy } from './page.ts'
import { policyKey, policySummary } from './policies.ts'
import { versionOut } from './policy-versions.ts'
import { lastUsedOut, roleBrief, trustedAccounts } from './roles.ts'
import { groupArn, userArn } from './targets.ts'
import { attachedPolicy } from './traits/attachments.ts'
import { boundaryOut } from './traits/boundaries.ts'

type Entry =
  | { readonly type: 'User'; readonly key: string; readonly user: User }
  | { readonly type: 'Group'; readonly key: string; readonly group: Group }
  | { readonly type: 'Role'; readonly key: string; readonly role: Role }
  | { readonly type: 'Policy'; readonly key: string; readonly found: AnyPolicy }

/** The whole account's permissions, page by page. */
export const authorizationDetailsFamily: Family<Iam.Operations, 'GetAccountAuthorizationDetails'> = {
  GetAccountAuthorizationDetails: {
    accounts: (_input, call) => trustedAccounts(call.account),
    run(input, call) {
      const { items, rest } = page(entries(new Set(input.Filter), call), ({ key }) => key, input)
      const profiles = profilesByRole(call)
      return {
        UserDetailList: items.flatMap((item) => (item.type === 'User' ? userOut(item.user, call) : [])),
        GroupDetailList: items.flatMap((item) => (item.type === 'Group' ? groupOut(item.group, call) : [])),
        RoleDetailList: items.flatMap((item) =>
          item.type === 'Role' ? roleOut(item.role, profiles.get(item.role.id) ?? [], call) : [],
        ),
        Policies: items.flatMap((item) => (item.type === 'Policy' ? policyOut(item.found, call) : [])),
        ...rest,
      }
    },
  },
}

/** Everything that the filter names, kind by kind, each by name; of AWS's policies those that are in use. */
function entries(filter: ReadonlySet<Iam.EntityType>, { account }: Call): readonly Entry[] {
  const all: Entry[] = []
  const wanted = (type: Iam.EntityType) => filter.size === 0 || filter.has(type)
  if (wanted('User')) {
    for (const user of byName(account, users)) all.push({ type: 'User', key: `1 ${nameKey(user)}`, user })
  }
  if (wanted('Group')) {
    for (const group of byName(account, groups)) {
      all.push({ type: 'Group', key: `2 ${nameKey(group)}`, group })
    }
  }
  if (wanted('Role')) {
    for (const role of byName(account, roles)) all.push({ type: 'Role', key: `3 ${nameKey(role)}`, role })
  }
  const shown: AnyPolicy[] = []
  if (wanted('LocalManagedPolicy')) {
    for (const policy of account.table(policies).values()) shown.push(ofAccount(account, policy))
  }
  if (wanted('AWSManagedPolicy')) {
    for (const arn of allAttachments(account).keys()) {
      const found = findPolicy(account, arn)
      if (found?.awsManaged === true) shown.push(found)
    }
  }
  for (const found of sortedBy(shown, policyKey)) {
    all.push({ type: 'Policy', key: `4 ${policyKey(found)}`, found })
  }
  return all
}

function profilesByRole({ account }: Call): ReadonlyMap<string, readonly InstanceProfile[]> {
  const byRole = new Map<string, InstanceProfile[]>()
  for (const profile of byName(account, instanceProfiles)) {
    if (profile.roleId === undefined) continue
    const known = byRole.get(profile.roleId)
    if (known === undefined) byRole.set(profile.roleId, [profile])
    else known.push(profile)
  }
  return byRole
}

function inlineOut(inline: Readonly<Record<string, string>>): readonly Iam.PolicyDetail[] {
  return Object.entries(inline).map(([name, text]) => ({
    PolicyName: name,
    PolicyDocument: encodeDocument(text),
  }))
}

function userOut(user: User, call: Call): Iam.UserDetail {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: userArn(call, user),
    CreateDate: user.createdAt,
    UserPolicyList: inlineOut(user.inline),
    GroupList: groupsOf(user, call.account).map((group) => group.name),
    AttachedManagedPolicies: user.attached.map(attachedPolicy),
    ...boundaryOut(user.boundaryArn),
    Tags: user.tags,
  }
}

function groupOut(group: Group, call: Call): Iam.GroupDetail {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: groupArn(call, group),
    CreateDate: group.createdAt,
    GroupPolicyList: inlineOut(group.inline),
    AttachedManagedPolicies: group.attached.map(attachedPolicy),
  }
}

function roleOut(role: Role, profiles: readonly InstanceProfile[], call: Call): Iam.RoleDetail {
  return {
    ...roleBrief(role, call),
    InstanceProfileList: profiles.map((profile) => profileOut(profile, call)),
    RolePolicyList: inlineOut(role.inline),
    AttachedManagedPolicies: role.attached.map(attachedPolicy),
    ...boundaryOut(role.boundaryArn),
    Tags: role.tags,
    RoleLastUsed: lastUsedOut(role, call),
  }
}

function policyOut(found: AnyPolicy, call: Call): Iam.ManagedPolicyDetail {
  const { policy } = found
  return {
    ...policySummary(found, call),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    PolicyVersionList: policy.versions.toReversed().map((version) => ({
      Document: encodeDocument(version.document),
      ...versionOut(version, policy),
    })),
  }
}
