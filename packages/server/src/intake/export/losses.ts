import type { AccountImage, Image } from '../../image/index.ts'
import { partialLenders } from './seed-lenders.ts'

/** A form in which an account is written. */
export type LossyForm = 'cloudformation' | 'terraform' | 'cli' | 'seed'

/** The entities that a form cannot express, in words, and their number. */
export interface Lost {
  readonly what: string
  readonly count: number
}

type Counting = (account: AccountImage) => number

const isServices = ({ path }: { readonly path?: string }) => path?.startsWith('/aws-service-role/') === true
const isReserved = ({ path }: { readonly path?: string }) => path?.startsWith('/aws-reserved/') === true

/** Everything that some form loses. */
const losses: readonly (readonly [what: string, forms: readonly LossyForm[], count: Counting])[] = [
  [
    'unique ids and creation dates',
    ['cloudformation', 'terraform', 'cli', 'seed'],
    ({ users, groups, roles, policies }) => users.length + groups.length + roles.length + policies.length,
  ],
  [
    'dates of the last use',
    ['cloudformation', 'terraform', 'cli', 'seed'],
    ({ users, roles, accessKeys }) =>
      [
        ...users.map((each) => each.passwordLastUsed),
        ...[...roles, ...accessKeys].map((each) => each.lastUsed),
      ].filter((each) => each !== undefined).length,
  ],
  ['access keys', ['cloudformation', 'terraform', 'cli', 'seed'], ({ accessKeys }) => accessKeys.length],
  ['passwords', ['cloudformation', 'terraform', 'cli', 'seed'], ({ loginProfiles }) => loginProfiles.length],
  ['MFA devices', ['cloudformation', 'terraform', 'cli', 'seed'], ({ mfaDevices }) => mfaDevices.length],
  [
    'versions of managed policies that are not the default one',
    ['cloudformation', 'terraform', 'seed'],
    ({ policies }) => policies.reduce((sum, { versions = [] }) => sum + Math.max(0, versions.length - 1), 0),
  ],
  [
    'tags of instance profiles',
    ['cloudformation', 'seed'],
    ({ instanceProfiles }) => instanceProfiles.filter(({ tags = [] }) => tags.length > 0).length,
  ],
  [
    'roles of IAM Identity Center',
    ['cloudformation', 'terraform', 'cli'],
    ({ roles }) => roles.filter(isReserved).length,
  ],
  [
    'roles of IAM Identity Center that no assignment makes',
    ['seed'],
    ({ center, roles }) => (center === undefined ? roles.filter(isReserved).length : 0),
  ],
  [
    'associations of pods, identity pools, trust anchors and their profiles',
    ['cloudformation', 'terraform', 'cli'],
    ({ podAssociations, identityPools, trustAnchors, certificateProfiles }) =>
      podAssociations.length + identityPools.length + trustAnchors.length + certificateProfiles.length,
  ],
  ['target roles, policies and rules of associations, pools, anchors and profiles', ['seed'], partialLenders],
  [
    'users, groups, permission sets and assignments of IAM Identity Center',
    ['cloudformation', 'terraform', 'cli'],
    ({ centerUsers, centerGroups, permissionSets, centerAssignments }) =>
      centerUsers.length + centerGroups.length + permissionSets.length + centerAssignments.length,
  ],
  [
    'entitlements of the account access manager',
    ['cloudformation', 'terraform', 'cli'],
    ({ center }) => center?.entitlements?.length ?? 0,
  ],
  [
    'attributes of users of a directory that are no texts, and users that are disabled',
    ['seed'],
    ({ centerUsers }) =>
      centerUsers.filter(({ enabled, given }) => enabled === false || hasLists(given)).length,
  ],
  ['service-linked roles', ['seed'], ({ roles }) => roles.filter(isServices).length],
  [
    'identity providers',
    ['seed'],
    ({ oidcProviders, samlProviders }) => oidcProviders.length + samlProviders.length,
  ],
  ['the account’s alias', ['cloudformation'], ({ alias }) => (typeof alias === 'string' ? 1 : 0)],
  ['the password policy', ['cloudformation', 'seed'], ({ passwordPolicy }) => (passwordPolicy ? 1 : 0)],
  [
    'policies of resources that are not IAM’s',
    ['cloudformation', 'terraform', 'cli', 'seed'],
    ({ resourcePolicies }) => resourcePolicies.length,
  ],
  [
    'instance profiles whose name is not their role’s',
    ['seed'],
    ({ instanceProfiles }) => instanceProfiles.filter(({ name, role }) => role !== name).length,
  ],
]

function hasLists(given: string): boolean {
  const { Name: _, Emails: __, ...others } = Object(parsed(given))
  return Object.values(others).some((value) => typeof value !== 'string')
}

/** Returns the parts of an image that a form does not contain; empty if it contains everything. */
export function lossesOf({ accounts, organization }: Image, form: LossyForm): readonly Lost[] {
  const lost: Lost[] = []
  for (const [what, forms, count] of losses) {
    if (!forms.includes(form)) continue
    const number = accounts.reduce((sum, account) => sum + count(account), 0)
    if (number > 0) lost.push({ what, count: number })
  }
  if (organization !== undefined && form !== 'seed')
    lost.push({ what: 'the organization', count: organization.accounts.length })
  return lost
}

/** Returns whether only AWS can create a role. */
export function isAwsOwn(role: { readonly path?: string }): boolean {
  return isReserved(role)
}

/** The service of a service-linked role, and the suffix of its name. */
export function linkedService(role: {
  readonly path?: string
  readonly name: string
}): { readonly service: string; readonly suffix?: string } | undefined {
  const service = /^\/aws-service-role\/([^/]+)\/$/.exec(role.path ?? '')?.[1]
  if (service === undefined) return undefined
  const suffix = /^AWSServiceRoleFor\w+?_(.+)$/.exec(role.name)?.[1]
  return suffix === undefined ? { service } : { service, suffix }
}

/** The document of a policy's default version. */
export function defaultDocument({
  versions = [],
  defaultVersion,
}: AccountImage['policies'][number]): string | undefined {
  return (versions.find(({ id }) => id === defaultVersion) ?? versions.at(-1))?.document
}

/** A document as an object; as text if it is not JSON. */
export function parsed(document: string): unknown {
  try {
    return JSON.parse(document)
  } catch {
    return document
  }
}
