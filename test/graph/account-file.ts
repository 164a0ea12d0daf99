import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
  type World,
} from '../../packages/server/src/graph/index.ts'

export const account = '123456789012'
export const userArn = (name: string): string => `arn:aws:iam::${account}:user/${name}`
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`
export const profileArn = (name: string): string => `arn:aws:iam::${account}:instance-profile/${name}`
export const policyArn = (name: string): string => `arn:aws:iam::${account}:policy/${name}`

/** A statement of a policy. */
export type Statement = Readonly<Record<string, unknown>>

export function allow(
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  Condition?: object,
): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) }
}

export function deny(
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  Condition?: object,
): Statement {
  return { Effect: 'Deny', Action, Resource, ...(Condition === undefined ? {} : { Condition }) }
}

/** A Deny of everything but some actions. */
export function denyAllBut(NotAction: string | readonly string[], Condition?: object): Statement {
  return { Effect: 'Deny', NotAction, Resource: '*', ...(Condition === undefined ? {} : { Condition }) }
}

/** A bearer of policies. */
interface Bearer {
  readonly statements?: readonly Statement[]
  readonly attached?: readonly string[]
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
}

/** A role: what it trusts, as a principal or as statements, and the profiles that hold it. */
interface RoleFile extends Bearer {
  readonly trust: object | readonly object[]
  readonly path?: string
  readonly profiles?: readonly string[]
}

/** An account as a dump of it would say. */
export interface AccountFile {
  readonly users?: Readonly<Record<string, Bearer & { readonly groups?: readonly string[] }>>
  readonly roles?: Readonly<Record<string, RoleFile>>
  readonly groups?: Readonly<Record<string, Bearer>>
  readonly policies?: Readonly<Record<string, readonly Statement[] | Versions>>
}

/** The versions of a managed policy, and which of them is the default. */
interface Versions {
  readonly versions: Readonly<Record<string, readonly Statement[]>>
  readonly default: string
}

const document = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement })

function bearer(list: string, { statements = [], attached = [], boundary, tags = {} }: Bearer) {
  return {
    [list]: statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: document(statements) }],
    AttachedManagedPolicies: attached.map((PolicyArn) => ({
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
      PolicyArn,
    })),
    ...(boundary === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryArn: boundary } }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  }
}

function idOf(prefix: string, name: string): string {
  return `${prefix}${name
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, 'A')
    .padEnd(17, 'A')
    .slice(0, 17)}`
}

/** The JSON that `aws iam get-account-authorization-details` would print. */
export function detailsOf({ users = {}, roles = {}, groups = {}, policies = {} }: AccountFile): string {
  return JSON.stringify(
    {
      UserDetailList: Object.entries(users).map(([UserName, user]) => ({
        UserName,
        UserId: idOf('AIDA', UserName),
        Arn: userArn(UserName),
        GroupList: user.groups ?? [],
        ...bearer('UserPolicyList', user),
      })),
      GroupDetailList: Object.entries(groups).map(([GroupName, group]) => ({
        GroupName,
        Arn: `arn:aws:iam::${account}:group/${GroupName}`,
        ...bearer('GroupPolicyList', group),
      })),
      RoleDetailList: Object.entries(roles).map(([RoleName, role]) => ({
        RoleName,
        RoleId: idOf('AROA', RoleName),
        Path: role.path ?? '/',
        Arn: `arn:aws:iam::${account}:role${role.path ?? '/'}${RoleName}`,
        AssumeRolePolicyDocument: document(
          Array.isArray(role.trust)
            ? role.trust
            : [{ Effect: 'Allow', Principal: role.trust, Action: 'sts:AssumeRole' }],
        ),
        InstanceProfileList: (role.profiles ?? []).map((InstanceProfileName) => ({
          InstanceProfileName,
          Arn: profileArn(InstanceProfileName),
          Roles: [],
        })),
        ...bearer('RolePolicyList', role),
      })),
      Policies: Object.entries(policies).map(([PolicyName, policy]) => {
        const { versions, default: DefaultVersionId } =
          'versions' in policy ? policy : { versions: { v1: policy }, default: 'v1' }
        return {
          PolicyName,
          Arn: policyArn(PolicyName),
          DefaultVersionId,
          PolicyVersionList: Object.entries(versions).map(([VersionId, statements]) => ({
            VersionId,
            IsDefaultVersion: VersionId === DefaultVersionId,
            Document: document(statements),
          })),
        }
      }),
    },
    undefined,
    1,
  )
}

/** An inventory in which nothing runs and every user has one key. */
export function inventoryOf({ users = {} }: AccountFile): unknown {
  return {
    resources: [],
    accessKeys: Object.fromEntries(Object.keys(users).map((name) => [name, 1])),
    loginProfiles: [],
    mfaDevices: {},
  }
}

export const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** The world of an account. */
export function worldOf(file: AccountFile, organization: object = {}): World {
  return readWorld({
    details: detailsOf(file),
    inventory: readInventory(inventoryOf(file)),
    organization: readOrganization(organization),
    awsPolicy: (arn) => (arn === administratorAccess ? JSON.stringify(document([allow('*')])) : undefined),
  })
}

/** The graph of an account. */
export function graphOfFile(file: AccountFile, organization: object = {}): Graph {
  return graphOf(worldOf(file, organization), techniqueTable())
}
