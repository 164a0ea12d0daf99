import type { JsonNode } from '@omen-iam/policy'
import { at, itemsOf, keyText, member, textOf } from '../../sources/index.ts'
import { joined, keyOf, moduleOf } from './terraform-references.ts'

/** A resource before its attributes are settled. */
export interface RawResource {
  readonly address: string
  readonly type: string
  readonly node: JsonNode
  readonly values: JsonNode | undefined
  /** The marks of values that are known only after apply. */
  readonly marks: JsonNode | undefined
}

/** The resources of a plan or a state, by their addresses. */
export interface RawPlan {
  /** Managed resources as they will be. */
  readonly resources: ReadonlyMap<string, RawResource>
  /** Changes, those of data sources that are read during apply among them. */
  readonly changes: ReadonlyMap<string, JsonNode>
  /** Addresses of data sources that were read before. */
  readonly data: ReadonlyMap<string, JsonNode>
}

/**
 * The resources of a plan or a state (behaviour TPL-141). What a change makes or keeps is there too if the list of planned
 * values has it not: changes that are put off, and resources that Terraform forgets without deleting them.
 */
export function rawPlan(root: JsonNode): RawPlan {
  const changes = new Map<string, JsonNode>()
  const put = [
    ...itemsOf(member(root, 'resource_changes')),
    ...itemsOf(member(root, 'deferred_changes')).flatMap((each) => member(each, 'resource_change') ?? []),
  ]
  for (const change of put) {
    // the object that a replaced resource leaves behind has the same address
    if (textOf(member(change, 'deposed')) === undefined)
      changes.set(addressOf(change, moduleIn(change)), change)
  }
  const resources = new Map<string, RawResource>()
  const add = (address: string, node: JsonNode, values: JsonNode | undefined) => {
    const marks = at(changes.get(address), 'change', 'after_unknown')
    resources.set(address, { address, type: textOf(member(node, 'type')) ?? '', node, values, marks })
  }
  for (const module of [at(root, 'planned_values', 'root_module'), at(root, 'values', 'root_module')])
    for (const [address, node] of resourcesIn(module))
      if (!isData(node)) add(address, node, member(node, 'values'))
  for (const [address, node] of changes) {
    if (isData(node) || resources.has(address)) continue
    const isForgotten = itemsOf(at(node, 'change', 'actions')).some((each) => textOf(each) === 'forget')
    const values = at(node, 'change', isForgotten ? 'before' : 'after')
    if (values?.type === 'object') add(address, node, values)
  }
  const data = new Map<string, JsonNode>()
  for (const module of [at(root, 'prior_state', 'values', 'root_module'), at(root, 'values', 'root_module')])
    for (const [address, node] of resourcesIn(module)) if (isData(node)) data.set(address, node)
  return { resources, changes, data }
}

/** The resources of a module and of its child modules, with their addresses. */
function* resourcesIn(
  module: JsonNode | undefined,
  parent = '',
): Generator<readonly [address: string, node: JsonNode]> {
  const address = textOf(member(module, 'address')) ?? parent
  for (const each of itemsOf(member(module, 'resources'))) yield [addressOf(each, address), each]
  for (const child of itemsOf(member(module, 'child_modules'))) yield* resourcesIn(child, address)
}

/** The whole address of a resource: Terraform 0.12 writes some without their module and their key. */
function addressOf(resource: JsonNode, module: string): string {
  const data = isData(resource) ? 'data.' : ''
  const made = `${data}${textOf(member(resource, 'type')) ?? ''}.${textOf(member(resource, 'name')) ?? ''}`
  const written = textOf(member(resource, 'address')) ?? made
  const address = moduleOf(written) === '' ? joined(module, written) : written
  return keyOf(address) === '' ? `${address}${keyText(member(resource, 'index'))}` : address
}

function moduleIn(change: JsonNode): string {
  return textOf(member(change, 'module_address')) ?? ''
}

function isData(resource: JsonNode): boolean {
  return textOf(member(resource, 'mode')) === 'data'
}
