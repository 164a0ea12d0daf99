import type { JsonNode } from '@omen-iam/policy'
import { policyCarrierType } from '../../base/index.ts'
import { type AccountImage, type Image, type LentEntry, plannedLent } from '../../image/index.ts'
import {
  isTerraform,
  itemsOf,
  member,
  type ResolvedResource,
  type ResolveOptions,
  resolveTemplates,
  rowOf,
  type Text,
  textOf,
} from '../../sources/index.ts'
import {
  arnByName,
  arnsByName,
  askedWithoutRole,
  type Carrier,
  hasUnknownRole,
  isOfCode,
  isOfTechniques,
  roleOfService,
  rolesInTemplates,
} from './carrier.ts'
import { identityPoolsOf, isOfIdentityPool } from './identity-pools.ts'
import type { TemplateSource } from './index.ts'
import { functionsWithUrl, membersOfTemplate, type ResourceMembers } from './members.ts'
import { terraformCarriers } from './terraform-inventory.ts'

/** A resource that carries roles, or that techniques ask for, in the form of an inventory. */
export interface InventoryResource extends ResourceMembers {
  /** CloudFormation's type. */
  readonly type: string
  readonly arn: string
  /** The ARN of the role that it has, if any; of several the one that its own code uses. */
  readonly role?: string
  /** The ARN of the instance profile through which it has the role. */
  readonly instanceProfile?: string
  /** The text of the policy of the resource itself. */
  readonly policy?: string
  /** The ARN of the key of AWS KMS under which it is. */
  readonly kmsKey?: string
  /** Further roles, by the property that names them. */
  readonly otherRoles?: Readonly<Record<string, string>>
}

/** An account beside identities and policies: resources, and the numbers of users' credentials if the files are all of it. */
export interface Inventory {
  readonly resources: readonly InventoryResource[]
  readonly accessKeys?: Readonly<Record<string, number>>
  readonly loginProfiles?: readonly string[]
  readonly mfaDevices?: Readonly<Record<string, number>>
  /** The types of which `resources` is complete: those that were looked at. What is of another type may exist. [GRD-564] */
  readonly listed: readonly string[]
  /** That the files make something of IAM Identity Center, which only the account that manages it can. [GRD-565] */
  readonly managesIdentityCenter?: true
  /** The people and machines that get roles without being principals of IAM. [GRD-660] */
  readonly lent?: readonly LentEntry[]
}

/** How templates are taken for an account. */
export interface InventoryOptions extends ResolveOptions {
  /**
   * Whether the files are all that the account has: every type that files can have is complete. Otherwise only the types
   * of which the files have something.
   */
  readonly isWhole?: boolean
}

/** Properties that come first if a resource names several roles: the role of its own code. */
const first: readonly string[] = ['TaskRoleArn', 'Role', 'RoleArn', 'ExecutionRoleArn', 'ServiceRole']

/** Properties that name an instance profile, by name or ARN. */
const profileProperties =
  /(?:^|\.)(?:IamInstanceProfile(?:\.(?:Arn|Name))?|InstanceProfile(?:Name)?|JobFlowRole|InstanceRole)$/

/** The resources in templates that carry roles or that techniques ask for, and the credentials of their users. */
export function inventoryOfTemplates(
  sources: readonly TemplateSource[],
  image: Image,
  options: InventoryOptions = {},
): Inventory {
  const templates = sources.filter(({ root }) => !isTerraform(root))
  const resolved = resolveTemplates(templates, options)
  const withUrl = functionsWithUrl(resolved.resources)
  // of a template it finds nothing
  const planned = sources.map(({ root }) => terraformCarriers(root, options))
  const carriers = [
    ...resolved.resources.flatMap((resource) =>
      isOfIdentityPool(resource) ? [] : carriersOf(resource, resolved.unknown, withUrl),
    ),
    ...identityPoolsOf(resolved.resources, resolved.unknown),
    ...planned.flatMap((each) => each.carriers),
  ]
  const accounts = new Map<string, AccountImage>(image.accounts.map((each) => [each.account, each]))
  const resources = carriers.flatMap((carrier) => resourceOf(carrier, accounts.get(carrier.account)) ?? [])
  const all = [
    ...resolved.resources.map(({ type }) => type),
    ...planned.flatMap((each) => [...each.carriers.map(({ type }) => type), ...each.lost]),
  ]
  const isOfCenter =
    planned.some((each) => each.isOfCenter) || all.some((type) => /^AWS::(?:SSO|IdentityStore)::/.test(type))
  return {
    resources: withKeys(withPolicies(resources, image), image),
    listed: listedIn(resources, all, options.isWhole === true),
    ...lentIn(image),
    ...(isOfCenter ? { managesIdentityCenter: true as const } : {}),
    ...(options.isWhole === true ? credentialsOf(image) : {}),
  }
}

/** The receivers of roles, if one account is in view. */
function lentIn({ accounts: [only, ...others], lent = [] }: Image): Pick<Inventory, 'lent'> {
  const planned = only === undefined || others.length > 0 ? [] : plannedLent(lent, only.account)
  return planned.length === 0 ? {} : { lent: planned }
}

/** Every type of techniques that templates can have. */
export const typesOfTemplates: readonly string[] = [...askedWithoutRole, ...rolesInTemplates].sort()

/** The types that are complete. One of which the files have a resource without a known ARN or role is not. */
function listedIn(
  resources: readonly InventoryResource[],
  all: readonly string[],
  isWhole: boolean,
): readonly string[] {
  const countIn = (types: readonly string[]) => Map.groupBy(types, (type) => type)
  const counts = countIn(resources.map(({ type }) => type))
  const given = countIn(all)
  return typesOfTemplates.filter((type) => {
    const count = counts.get(type)?.length ?? 0
    return count >= (given.get(type)?.length ?? 0) && (isWhole || count > 0)
  })
}

/** The resources with the keys of AWS KMS under which the templates put them, and the others that are under keys. */
function withKeys(resources: readonly InventoryResource[], image: Image): readonly InventoryResource[] {
  const keyed = new Map(image.underKeys?.map((each) => [each.arn, each]))
  const merged = resources.map((each) => {
    const kmsKey = keyed.get(each.arn)?.key
    keyed.delete(each.arn)
    return kmsKey === undefined ? each : { ...each, kmsKey }
  })
  return [...merged, ...[...keyed.values()].map(({ type, arn, key }) => ({ type, arn, kmsKey: key }))]
}

/** The resources with the policies that the templates give them. Others are added for the sake of their policies. */
function withPolicies(resources: readonly InventoryResource[], image: Image): readonly InventoryResource[] {
  const policies = new Map(
    image.accounts.flatMap(({ resourcePolicies }) =>
      resourcePolicies.map(({ arn, document }) => [arn, document] as const),
    ),
  )
  const merged = resources.map((each) => {
    const policy = policies.get(each.arn)
    policies.delete(each.arn)
    return policy === undefined ? each : { ...each, policy }
  })
  const others = [...policies].map(([arn, policy]) => ({ type: policyCarrierType(arn), arn, policy }))
  return [...merged, ...others]
}

function carriersOf(
  resource: ResolvedResource,
  unknown: ReadonlyMap<JsonNode, string>,
  withUrl: ReadonlySet<string>,
): readonly Carrier[] {
  const { type, arn, account, partition, properties } = resource
  if (/^AWS::(?:IAM|Organizations|SSO)::/.test(type)) return []
  if (/^AWS::DynamoDB::(?:Global)?Table$/.test(type)) {
    const stream = resource.attribute('StreamArn')
    return member(properties, 'StreamSpecification') === undefined || stream.dependsOn !== undefined
      ? []
      : [{ type: 'AWS::DynamoDB::Stream', arn: stream.value, account, partition, roleNames: [] }]
  }
  const roleNames = roleOfService.has(type) ? [] : roleNamesIn(properties, '', unknown)
  if (roleNames.length === 0 && !isOfTechniques(type)) return []
  const text = arn ?? arnOf(resource, unknown)
  if (text.dependsOn !== undefined) return []
  const written = membersOfTemplate(resource, text.value, unknown, withUrl)
  const isOpen =
    !roleNames.some((each) => isOfCode(type, each)) &&
    (hasUnknownRole.has(type) || namesUnknownRole(properties, '', unknown))
  const members = isOpen ? { ...written, roleUnknown: true as const } : written
  return [{ type, arn: text.value, account, partition, roleNames, members }]
}

/** Whether a property that names a role or an instance profile has a value that is not known. */
function namesUnknownRole(node: JsonNode, place: string, unknown: ReadonlyMap<JsonNode, string>): boolean {
  if (unknown.has(node)) return /(?:Role|RoleArn|RoleARN|Profile|ProfileName)$/.test(place)
  if (node.type === 'list') return itemsOf(node).some((item) => namesUnknownRole(item, place, unknown))
  return (
    node.type === 'object' &&
    node.members.some(({ key, value }) => namesUnknownRole(value, key.value, unknown))
  )
}

/** The ARN of a resource whose type has none in the table of names: by its name, or by its kind and physical id. */
function arnOf(
  { type, physicalId, name, properties, partition, region, account }: ResolvedResource,
  unknown: ReadonlyMap<JsonNode, string>,
): Text {
  const { value: id, dependsOn } = physicalId
  if (id.startsWith('arn:') && dependsOn === undefined) return physicalId
  const form = rowOf(arnsByName, type)
  if (form === undefined) {
    const [, service = '', kind = ''] = type.split('::')
    const arn = `arn:${partition}:${service.toLowerCase()}:${region}:${account}:${kind.toLowerCase()}/${id}`
    return dependsOn === undefined ? { value: arn } : { value: arn, dependsOn }
  }
  const [property, pattern] = form
  const given = member(properties, property)
  if (given !== undefined && unknown.has(given))
    return { value: '', dependsOn: unknown.get(given) ?? property }
  const value = arnByName(
    pattern,
    { partition, region, account },
    textOf(given) ?? name.value,
    (placeholder) => {
      const node = member(properties, placeholder)
      const text = node === undefined || unknown.has(node) ? undefined : textOf(node)
      return text?.slice(text.lastIndexOf('/') + 1)
    },
  )
  return { value }
}

/** Values that are ARNs of roles, or name instance profiles; policies are passed by. */
export function roleNamesIn(
  node: JsonNode,
  place: string,
  unknown: ReadonlyMap<JsonNode, string>,
): readonly { readonly property: string; readonly value: string }[] {
  switch (node.type) {
    case 'string': {
      if (unknown.has(node)) return []
      const isRole = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(node.value)
      return isRole || profileProperties.test(place) ? [{ property: place, value: node.value }] : []
    }
    case 'list':
      return itemsOf(node).flatMap((item) => roleNamesIn(item, place, unknown))
    case 'object':
      if (member(node, 'Statement') !== undefined) return []
      return node.members.flatMap(({ key, value }) =>
        roleNamesIn(value, place === '' ? key.value : `${place}.${key.value}`, unknown),
      )
    default:
      return []
  }
}

function resourceOf(
  { type, arn, partition, account, roleNames, members = {} }: Carrier,
  image: AccountImage | undefined,
): InventoryResource | undefined {
  const roles: { property: string; role: string; profile?: string }[] = []
  for (const { property, value } of roleNames) {
    if (!profileProperties.test(property) || /:role\//.test(value)) {
      roles.push({ property, role: value })
      continue
    }
    const name = value.slice(value.lastIndexOf('/') + 1)
    const profile = image?.instanceProfiles.find((each) => each.name === name)
    const role = profile?.role == null ? undefined : image?.roles.find((each) => each.name === profile.role)
    if (profile === undefined || role === undefined) continue
    roles.push({
      property,
      role: `arn:${partition}:iam::${account}:role${role.path ?? '/'}${role.name}`,
      profile: `arn:${partition}:iam::${account}:instance-profile${profile.path ?? '/'}${profile.name}`,
    })
  }
  const rank = ({ property }: { property: string }) => {
    const at = first.indexOf(property)
    return at < 0 ? first.length : at
  }
  const sorted = roles.toSorted((a, b) => rank(a) - rank(b))
  const chosen = sorted.find((each) => isOfCode(type, each))
  const others = sorted.filter((each) => each !== chosen)
  const otherRoles =
    others.length === 0
      ? {}
      : { otherRoles: Object.fromEntries(others.map(({ property, role }) => [property, role])) }
  if (chosen === undefined) {
    if (!isOfTechniques(type)) return undefined
    // A profile that is in none of the files holds a role that nobody knows.
    const isUnknown = roleNames.some((each) => isOfCode(type, each))
    return { type, arn, ...members, ...otherRoles, ...(isUnknown ? { roleUnknown: true as const } : {}) }
  }
  return {
    type,
    arn,
    role: chosen.role,
    ...members,
    ...(chosen.profile === undefined ? {} : { instanceProfile: chosen.profile }),
    ...otherRoles,
  }
}

function credentialsOf({
  accounts,
}: Image): Omit<Inventory, 'resources' | 'listed' | 'managesIdentityCenter'> {
  const count = (names: readonly (string | null | undefined)[]) => {
    const counts: Record<string, number> = {}
    for (const name of names) if (name != null) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
  return {
    accessKeys: count(accounts.flatMap(({ accessKeys }) => accessKeys.map(({ user }) => user))),
    loginProfiles: accounts.flatMap(({ loginProfiles }) => loginProfiles.map(({ user }) => user)),
    mfaDevices: count(accounts.flatMap(({ mfaDevices }) => mfaDevices.map(({ user }) => user))),
  }
}
