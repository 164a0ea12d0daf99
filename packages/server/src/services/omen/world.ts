import { Context } from '@omen-iam/policy'
import {
  addOrganizationKeys,
  type Dependencies,
  type Levels,
  rcpLevels,
  scpLevels,
  shownPrincipals,
} from '../../authorization/index.ts'
import { iamArn, policyCarrierType } from '../../base/index.ts'
import {
  type Account,
  accessKeys,
  centerOf,
  type Group,
  groups,
  type IamIdentity,
  type InstanceProfile,
  instanceProfiles,
  instances,
  loginProfiles,
  type ManagedPolicy,
  mfaDevices,
  oidcProviderArn,
  oidcProviders,
  policies,
  type Role,
  resourcePolicies,
  roles,
  samlProviderArn,
  samlProviders,
  type Tag,
  type User,
  users,
} from '../../directory/index.ts'
import { functions, policyDocument } from '../lambda/index.ts'
import { lentIn } from './lent.ts'

/** The dependencies by which the parts of a world are read. */
export type WorldDeps = Pick<Dependencies, 'directory' | 'isGuard'>

/** The parts of a graph, as files contain them: an account's details, its inventory and its organization. */
export interface WorldParts {
  /** JSON of the form of GetAccountAuthorizationDetails; each policy is a text. */
  readonly details: string
  readonly inventory: unknown
  readonly organization: unknown
}

/**
 * An account of the server as files hold it.
 * @throws AccountNotLoaded if another account is needed that is not in memory: the call then runs again
 */
export function partsOf(account: Account, deps: WorldDeps): WorldParts {
  return {
    details: JSON.stringify(detailsOf(account, deps)),
    inventory: inventoryOf(account, deps),
    organization: organizationOf(account, deps),
  }
}

function detailsOf(account: Account, deps: WorldDeps) {
  const entries = detailEntries(account, deps)
  return {
    UserDetailList: account.table(users).ordered('name').map(entries.user),
    GroupDetailList: account.table(groups).ordered('name').map(entries.group),
    RoleDetailList: account.table(roles).ordered('name').map(entries.role),
    Policies: account.table(policies).ordered('name').map(entries.policy),
  }
}

/** The entries of single records, as GetAccountAuthorizationDetails has them. */
export function detailEntries(account: Account, deps: WorldDeps) {
  const arn = (kind: string, { path, name }: { readonly path: string; readonly name: string }) =>
    iamArn(account, kind, path, name)
  const groupName = (id: string) => account.table(groups).find(id)?.name
  let profiles: ReadonlyMap<string | undefined, readonly InstanceProfile[]> | undefined
  const profilesOf = (role: string): readonly InstanceProfile[] => {
    profiles ??= Map.groupBy(account.table(instanceProfiles).values(), ({ roleId }) => roleId)
    return profiles.get(role) ?? []
  }
  return {
    user: (user: User) => ({
      UserName: user.name,
      UserId: user.id,
      Arn: arn('user', user),
      UserPolicyList: inlineOf(user),
      GroupList: user.groups.flatMap((id) => groupName(id) ?? []),
      AttachedManagedPolicies: attachedOf(user),
      ...boundaryOf(user),
      Tags: user.tags,
    }),
    group: (group: Group) => ({
      GroupName: group.name,
      GroupId: group.id,
      Arn: arn('group', group),
      GroupPolicyList: inlineOf(group),
      AttachedManagedPolicies: attachedOf(group),
    }),
    role: (role: Role) => ({
      RoleName: role.name,
      RoleId: role.id,
      Arn: arn('role', role),
      AssumeRolePolicyDocument: shownPrincipals(role.trust, 'trust', { account, deps }),
      RolePolicyList: inlineOf(role),
      AttachedManagedPolicies: attachedOf(role),
      ...boundaryOf(role),
      InstanceProfileList: profilesOf(role.id).map((profile) => ({
        InstanceProfileName: profile.name,
        Arn: arn('instance-profile', profile),
      })),
      Tags: role.tags,
    }),
    policy: (policy: ManagedPolicy) => ({
      PolicyName: policy.name,
      Arn: arn('policy', policy),
      DefaultVersionId: policy.defaultVersion,
      PolicyVersionList: policy.versions.map(({ id, document }) => ({ VersionId: id, Document: document })),
    }),
  }
}

function inlineOf({ inline }: IamIdentity) {
  return Object.entries(inline).map(([PolicyName, PolicyDocument]) => ({ PolicyName, PolicyDocument }))
}

function attachedOf({ attached }: IamIdentity) {
  return attached.map((PolicyArn) => ({
    PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
    PolicyArn,
  }))
}

function boundaryOf({ boundaryArn }: { readonly boundaryArn?: string }) {
  return boundaryArn === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryArn: boundaryArn } }
}

/** Keys, passwords and devices; functions and instances, which are all that an account of a server has, unless it is a guard. */
export function inventoryOf(account: Account, deps: WorldDeps) {
  const names = [...account.table(users).values()].map(({ name }) => name)
  return withEveryUser(ownedInventory(account, deps), names)
}

/** An inventory that counts the keys and devices of each user, also of those who have none. */
export function withEveryUser<
  Owned extends Pick<ReturnType<typeof ownedInventory>, 'accessKeys' | 'mfaDevices'>,
>(owned: Owned, names: readonly string[]): Owned {
  const none = Object.fromEntries(names.map((name) => [name, 0]))
  return {
    ...owned,
    accessKeys: { ...none, ...owned.accessKeys },
    mfaDevices: { ...none, ...owned.mfaDevices },
  }
}

/** The inventory, in which users without keys or devices are not named. */
export function ownedInventory(account: Account, deps: WorldDeps) {
  const nameOf = (id: string) => account.table(users).find(id)?.name
  const counted = (owners: Iterable<string | undefined>): Record<string, number> => {
    const counts: Record<string, number> = Object.create(null)
    for (const owner of owners) {
      const name = owner === undefined ? undefined : nameOf(owner)
      if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
    }
    return counts
  }
  return {
    ...resourcesOf(account, deps),
    accessKeys: counted([...account.table(accessKeys).values()].map(({ owner }) => owner)),
    loginProfiles: [...account.table(loginProfiles).values()].flatMap(({ owner }) => nameOf(owner) ?? []),
    mfaDevices: counted([...account.table(mfaDevices).values()].map(({ use }) => use?.owner)),
    identityProviders: [
      ...[...account.table(oidcProviders).values()].map(({ url, clientIds }) => ({
        arn: oidcProviderArn(account, url),
        clientIds,
      })),
      ...[...account.table(samlProviders).values()].map(({ name }) => ({
        arn: samlProviderArn(account, name),
      })),
    ],
    managesIdentityCenter: centerOf(account) !== undefined,
    ...lentIn(account, deps),
  }
}

/**
 * The resources of a server, with the policies of other resources that it has taken over; of a guard the policies
 * alone.
 */
function resourcesOf(account: Account, deps: WorldDeps) {
  const own = deps.isGuard === true ? [] : [...functionsOf(account, deps), ...instancesOf(account)]
  const known = new Set(own.map(({ arn }) => arn))
  const others = [...account.table(resourcePolicies).values()]
    .filter(({ arn }) => !known.has(arn))
    .map(({ arn, document: policy }) => ({ type: policyCarrierType(arn), arn, policy }))
  if (deps.isGuard !== true) return { resources: [...own, ...others] }
  return others.length === 0 ? {} : { resources: others, listed: [] }
}

function functionsOf(account: Account, deps: WorldDeps) {
  return [...account.table(functions).values()].map(({ region, name, roleArn, tags, permissions }) => {
    const policy = policyDocument({ permissions })
    return {
      type: 'AWS::Lambda::Function',
      arn: `arn:${account.partition}:lambda:${region}:${account.id}:function:${name}`,
      role: roleArn,
      tags,
      invokedBy: '',
      url: '',
      codeSigningConfig: '',
      policy: policy === undefined ? null : shownPrincipals(policy, 'resource', { account, deps }),
    }
  })
}

function instancesOf(account: Account) {
  return [...account.table(instances).values()]
    .filter(({ state }) => state !== 'terminated')
    .map(({ id, region, state, profile, tags }) => {
      const held = profile && account.table(instanceProfiles).find(profile.profileId)
      const role = held?.roleId === undefined ? undefined : account.table(roles).find(held.roleId)
      return {
        type: 'AWS::EC2::Instance',
        arn: `arn:${account.partition}:ec2:${region}:${account.id}:instance/${id}`,
        ...(profile === undefined ? {} : { instanceProfile: profile.profileArn }),
        ...(role === undefined ? {} : { role: iamArn(account, 'role', role.path, role.name) }),
        state,
        tags: tagsOf(tags),
      }
    })
}

function tagsOf(tags: readonly Tag[]) {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

export function organizationOf(account: Account, { directory }: WorldDeps) {
  const keys = new Context()
  addOrganizationKeys(keys, 'Principal', account, directory)
  const id = keys.get('aws:PrincipalOrgID')
  const path = keys.get('aws:PrincipalOrgPaths')
  const scps = textsOf(scpLevels(account, directory))
  const rcps = textsOf(rcpLevels(account, directory))
  return {
    ...(scps === undefined ? {} : { scps }),
    ...(rcps === undefined ? {} : { rcps }),
    ...(typeof id === 'string' ? { id } : {}),
    ...(Array.isArray(path) ? { path: path[0] } : {}),
    ...(account.settings.managementAccount === undefined
      ? { isNone: true }
      : { managementAccount: account.settings.managementAccount }),
  }
}

function textsOf(levels: Levels | undefined) {
  return levels?.map((level) =>
    level.map(({ policy, source }) => ({ name: source.name, arn: source.arn, document: policy.text })),
  )
}
