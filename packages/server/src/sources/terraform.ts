import type { JsonNode, PolicyKind } from '@omen-iam/policy'
import { organizationKinds } from './cloudformation-types.ts'
import { Collector } from './collect.ts'
import { at, itemsOf, member, membersOf, rowOf, textOf } from './nodes.ts'
import type { SourceOptions, WrittenPolicy } from './source.ts'
import { documentOf } from './terraform-document.ts'

/** The use of a type's policy attributes; for other types it is inferred. */
const kinds: Readonly<Record<string, Readonly<Record<string, PolicyKind | undefined>> | undefined>> = {
  aws_iam_group_policy: { policy: 'identity' },
  aws_iam_policy: { policy: 'identity' },
  aws_iam_role: { assume_role_policy: 'trust', policy: 'identity' },
  aws_iam_role_policy: { policy: 'identity' },
  aws_iam_user_policy: { policy: 'identity' },
  aws_kms_external_key: { policy: 'key' },
  aws_kms_key: { policy: 'key' },
  aws_kms_key_policy: { policy: 'key' },
  aws_kms_replica_key: { policy: 'key' },
  aws_rolesanywhere_profile: { session_policy: 'session' },
  aws_ssoadmin_permission_set_inline_policy: { inline_policy: 'identity' },
  aws_transfer_user: { policy: 'session' },
  aws_vpc_endpoint: { policy: 'endpoint' },
  aws_vpc_endpoint_policy: { policy: 'endpoint' },
}

/** Returns whether it is output of `terraform show -json`, for a plan or a state. */
export function isTerraform(root: JsonNode): boolean {
  if (textOf(member(root, 'format_version')) === undefined) return false
  return ['planned_values', 'resource_changes', 'values'].some((name) => member(root, name) !== undefined)
}

/** The policies of a plan as it will be applied, or of a state. */
export function policiesOfTerraform(
  root: JsonNode,
  text: string,
  options: SourceOptions,
): readonly WrittenPolicy[] {
  const collector = new Collector(text, 'terraform', options)
  const used = new Set<string>()
  for (const { type, address, values, isData } of plannedResources(root)) {
    // what a data source reads is not written here (behaviour TPL-143)
    if (isData || type === 'aws_iot_policy') continue
    const owner = { type, id: address }
    const attachedTo = ['role', 'user', 'group'].flatMap((name) => textOf(member(values, name)) ?? [])
    for (const { property, node } of documentsIn(values)) {
      const kind = kindOf(type, property, values)
      if (kind === 'none') continue
      used.add(canonical(node))
      collector.add(node, { owner, property, kind, attachedTo })
    }
  }
  const data = [
    ...resourcesOf(at(root, 'prior_state', 'values', 'root_module')),
    ...resourcesOf(at(root, 'values', 'root_module')).filter(({ isData }) => isData),
    ...readDuringApply(root),
  ]
  for (const { type, address, values, unknown } of data) {
    if (type !== 'aws_iam_policy_document') continue
    const owner = { type, id: address }
    const json = member(values, 'json')
    // a document that a resource uses is reported there, where its kind is known
    if (json?.type === 'string') {
      if (!used.has(canonical(json))) collector.add(json, { owner, property: 'json' })
      used.add(canonical(json))
    } else if (values !== undefined) {
      const { document, unknownTexts } = documentOf(values, unknown)
      collector.add(document, { owner, property: 'statement' }, unknownTexts)
    }
  }
  return collector.policies
}

interface Resource {
  readonly type: string
  readonly address: string
  readonly isData: boolean
  readonly values: JsonNode | undefined
  readonly unknown?: JsonNode | undefined
}

/** The resources of a module and of its child modules. */
function resourcesOf(module: JsonNode | undefined): readonly Resource[] {
  const own = itemsOf(member(module, 'resources')).map((each) => ({
    type: textOf(member(each, 'type')) ?? '',
    address: textOf(member(each, 'address')) ?? '',
    isData: textOf(member(each, 'mode')) === 'data',
    values: member(each, 'values'),
  }))
  return [...own, ...itemsOf(member(module, 'child_modules')).flatMap(resourcesOf)]
}

/** The resources of a plan as it will be applied, or of a state. */
export function plannedResources(root: JsonNode): readonly Resource[] {
  const modules = [at(root, 'planned_values', 'root_module'), at(root, 'values', 'root_module')]
  return modules.flatMap(resourcesOf)
}

/** Data sources that depend on the plan's results: a part of their values is known only after it was applied. */
function readDuringApply(root: JsonNode): readonly Resource[] {
  return itemsOf(member(root, 'resource_changes')).flatMap((each) => {
    if (textOf(member(each, 'mode')) !== 'data') return []
    const values = at(each, 'change', 'after')
    const unknown = at(each, 'change', 'after_unknown')
    return [
      {
        type: textOf(member(each, 'type')) ?? '',
        address: textOf(member(each, 'address')) ?? '',
        isData: true,
        values,
        unknown,
      },
    ]
  })
}

/** Attributes that hold a policy in JSON, also in nested blocks such as `inline_policy`. */
function documentsIn(
  node: JsonNode | undefined,
  place = '',
): readonly { readonly property: string; readonly node: JsonNode }[] {
  switch (node?.type) {
    case 'string':
      return /"Statement"/.test(node.value) ? [{ property: place, node }] : []
    case 'list':
      return node.items.flatMap((item, index) => documentsIn(item, `${place}[${index}]`))
    case 'object':
      return membersOf(node).flatMap(({ key, value }) =>
        documentsIn(value, place === '' ? key.value : `${place}.${key.value}`),
      )
    default:
      return []
  }
}

function kindOf(
  type: string,
  property: string,
  values: JsonNode | undefined,
): PolicyKind | 'none' | undefined {
  if (type === 'aws_organizations_policy')
    return rowOf(organizationKinds, textOf(member(values, 'type')) ?? 'SERVICE_CONTROL_POLICY') ?? 'none'
  return rowOf(rowOf(kinds, type) ?? {}, property.replace(/^.*\./, ''))
}

/** A document without its white space, its members in order, so that two of the same meaning are the same text. */
function canonical(node: JsonNode): string {
  const text = textOf(node) ?? ''
  try {
    return JSON.stringify(ordered(JSON.parse(text)))
  } catch {
    return text
  }
}

/** A list of one item is the item, as in policies. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? ordered(value[0]) : value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, ordered(each)])
}
