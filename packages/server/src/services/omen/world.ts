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
  instanceProfiles,
  instances,
  loginProfiles,
  mfaDevices,
  oidcProviderArn,
  oidcProviders,
  resourcePolicies,
  roles,
  samlProviderArn,
  samlProviders,
  tagTexts,
  users,
} from '../../directory/index.ts'
import { type AccountImage, describeIdentities, type ShownTrust } from '../../image/index.ts'
import { functions, policyDocument } from '../lambda/index.ts'
import { lentIn } from './lent.ts'

/** The dependencies by which the parts of a world are read. */
export type WorldDeps = Pick<Dependencies, 'directory' | 'isGuard'>

/** The parts of a graph: an account, its inventory and its organization. */
export interface WorldParts {
  readonly image: AccountImage
  readonly inventory: unknown
  readonly organization: unknown
}

/**
 * An account of the server as the graph takes it.
 * @throws AccountNotLoaded if another account is needed that is not in memory: the call then runs again
 */
export function partsOf(account: Account, deps: WorldDeps): WorldParts {
  return {
    image: describeIdentities(account, shownTrust(account, deps)),
    inventory: inventoryOf(account, deps),
    organization: organizationOf(account, deps),
  }
}

/** Shows trust policies as IAM does. */
export function shownTrust(account: Account, deps: WorldDeps): ShownTrust {
  return (trust) => shownPrincipals(trust, 'trust', { account, deps })
}

/** Keys, passwords and devices; functions and instances, which are all that an account of a server has, unless it is a guard. */
function inventoryOf(account: Account, deps: WorldDeps) {
  const nameOf = (id: string | undefined) =>
    id === undefined ? undefined : account.table(users).find(id)?.name
  const counted = (owners: readonly (string | undefined)[]): Record<string, number> => {
    const counts: Record<string, number> = Object.create(null)
    for (const { name } of account.table(users).values()) counts[name] = 0
    for (const name of owners.map(nameOf)) if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
  return {
    ...resourcesOf(account, deps),
    accessKeys: counted([...account.table(accessKeys).values()].map(({ owner }) => owner)),
    loginProfiles: [...account.table(loginProfiles).values()].flatMap(({ owner }) => nameOf(owner) ?? []),
    mfaDevices: counted([...account.table(mfaDevices).values()].map(({ use }) => use?.owner)),
  }
}

/** The inventory without the credentials of users. */
export function resourcesOf(account: Account, deps: WorldDeps) {
  return {
    ...carriersOf(account, deps),
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
function carriersOf(account: Account, deps: WorldDeps) {
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
        tags: tagTexts(tags),
      }
    })
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
