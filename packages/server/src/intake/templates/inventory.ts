import type { JsonNode } from '@omen-iam/policy'
import {
  isTerraform,
  itemsOf,
  member,
  type ResolvedResource,
  type ResolveOptions,
  resolveTemplates,
} from '../../sources/index.ts'
import type { AccountImage, Image } from '../image.ts'
import type { TemplateSource } from './index.ts'
import { terraformWearers } from './terraform-inventory.ts'
import type { Wearer } from './wearer.ts'

/** A resource that wears roles, in the form of an inventory. */
export interface InventoryResource {
  /** CloudFormation's type. */
  readonly type: string
  readonly arn: string
  /** The ARN of the role that it wears; of several the one that its own code uses. */
  readonly role?: string
  /** The ARN of the instance profile through which it wears the role. */
  readonly instanceProfile?: string
  /** Further roles, by the property that names them. */
  readonly otherRoles?: Readonly<Record<string, string>>
}

/** An account beside identities and policies: resources that wear roles, and the numbers of users' credentials. */
export interface Inventory {
  readonly resources: readonly InventoryResource[]
  readonly accessKeys: Readonly<Record<string, number>>
  readonly loginProfiles: readonly string[]
  readonly mfaDevices: Readonly<Record<string, number>>
}

/** Properties that come first if a resource names several roles: the role of its own code. */
const first: readonly string[] = ['TaskRoleArn', 'Role', 'RoleArn', 'ExecutionRoleArn', 'ServiceRole']

/** Properties that name an instance profile, by name or ARN. */
const profileProperties =
  /(?:^|\.)(?:IamInstanceProfile(?:\.(?:Arn|Name))?|InstanceProfile(?:Name)?|JobFlowRole|InstanceRole)$/

/**
 * The resources in templates that wear roles, and the credentials of their users. What is not in the templates is not
 * in the inventory: it is complete for an account that has nothing else.
 */
export function inventoryOfTemplates(
  sources: readonly TemplateSource[],
  image: Image,
  options: ResolveOptions = {},
): Inventory {
  const templates = sources.filter(({ root }) => !isTerraform(root))
  const resolved = resolveTemplates(templates, options)
  const wearers = [
    ...resolved.resources.flatMap((resource) => wearerOf(resource, resolved.unknown) ?? []),
    ...sources.filter(({ root }) => isTerraform(root)).flatMap(({ root }) => terraformWearers(root, options)),
  ]
  const accounts = new Map<string, AccountImage>(image.accounts.map((each) => [each.account, each]))
  return {
    resources: wearers.flatMap((wearer) => resourceOf(wearer, accounts.get(wearer.account)) ?? []),
    ...credentialsOf(image),
  }
}

function wearerOf(resource: ResolvedResource, unknown: ReadonlyMap<JsonNode, string>): Wearer | undefined {
  const { type, arn, account, partition, physicalId } = resource
  if (/^AWS::(?:IAM|Organizations|SSO)::/.test(type)) return undefined
  const worn = wornIn(resource.properties, '', unknown)
  if (worn.length === 0) return undefined
  const text = arn ?? {
    value: arnOf(resource),
    ...(physicalId.dependsOn === undefined ? {} : { dependsOn: physicalId.dependsOn }),
  }
  return text.dependsOn === undefined ? { type, arn: text.value, account, partition, worn } : undefined
}

/** The ARN of a resource whose type has none in the table of names: its service, kind and physical id. */
function arnOf({ type, physicalId: { value }, partition, region, account }: ResolvedResource): string {
  if (value.startsWith('arn:')) return value
  const [, service = '', kind = ''] = type.split('::')
  return `arn:${partition}:${service.toLowerCase()}:${region}:${account}:${kind.toLowerCase()}/${value}`
}

/** Values that are ARNs of roles, or name instance profiles; policies are passed by. */
export function wornIn(
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
      return itemsOf(node).flatMap((item) => wornIn(item, place, unknown))
    case 'object':
      if (member(node, 'Statement') !== undefined) return []
      return node.members.flatMap(({ key, value }) =>
        wornIn(value, place === '' ? key.value : `${place}.${key.value}`, unknown),
      )
    default:
      return []
  }
}

function resourceOf(
  { type, arn, partition, account, worn }: Wearer,
  image: AccountImage | undefined,
): InventoryResource | undefined {
  const roles: { property: string; role: string; profile?: string }[] = []
  for (const { property, value } of worn) {
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
  const [own, ...others] = roles.toSorted((a, b) => rank(a) - rank(b))
  if (own === undefined) return undefined
  return {
    type,
    arn,
    role: own.role,
    ...(own.profile === undefined ? {} : { instanceProfile: own.profile }),
    ...(others.length === 0
      ? {}
      : { otherRoles: Object.fromEntries(others.map(({ property, role }) => [property, role])) }),
  }
}

function credentialsOf({ accounts }: Image): Omit<Inventory, 'resources'> {
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
