import type { JsonNode } from '@omen-iam/policy'
import { at, itemsOf, member, membersOf, textOf } from '../../sources/index.ts'

/** The target of a reference in an expression of the configuration. */
export type Target =
  /** An instance of a resource or data source, by its address; the attribute is empty where the whole is named. */
  | { readonly type: 'resource'; readonly address: string; readonly attribute: string }
  | { readonly type: 'constant'; readonly node: JsonNode }
  /** Something that the plan does not say, such as a local value. */
  | { readonly type: 'open'; readonly name: string }

/** The place of an expression: the instance of its module, and the key of its own `count` or `for_each`. */
export interface Scope {
  readonly module: string
  /** `[0]`, `["a"]`; empty if there is none. */
  readonly key: string
  readonly forEach?: JsonNode | undefined
}

/** A module of the configuration, as it is called. */
interface ModuleConfiguration {
  readonly node: JsonNode | undefined
  /** The call in the parent; undefined for the root. */
  readonly call?: JsonNode
}

/** References followed in one plan; what is beyond is open. */
const mostSteps = 200_000
const deepest = 24

/**
 * Follows references through the configuration of a plan: variables to the calls of their modules, outputs into
 * modules, `each` and `count` to the instance's key (behaviour TPL-33).
 */
export class TerraformReferences {
  readonly #root: JsonNode
  readonly #modules = new Map<string, ModuleConfiguration>()
  readonly #resources = new Map<string, JsonNode>()
  /** Addresses of instances by their address without keys. */
  readonly #instances = new Map<string, string[]>()
  readonly #moduleInstances = new Map<string, Set<string>>()
  #steps = 0

  constructor(root: JsonNode, addresses: Iterable<string>) {
    this.#root = root
    this.#configure({ node: at(root, 'configuration', 'root_module') }, '')
    for (const address of addresses) {
      push(this.#instances, withoutKeys(address), address)
      for (let module = moduleOf(address); module !== ''; module = moduleOf(module)) {
        const instances = this.#moduleInstances.get(withoutKeys(module)) ?? new Set()
        this.#moduleInstances.set(withoutKeys(module), instances.add(module))
      }
    }
  }

  /** Whether the plan has the configuration of a resource. */
  knows(address: string): boolean {
    return this.#resources.has(withoutKeys(address))
  }

  /** The expressions of a resource. */
  expressions(address: string): JsonNode | undefined {
    return member(this.#resources.get(withoutKeys(address)), 'expressions')
  }

  /** The configuration of the provider that a resource has: `aws`, `aws.prod`. */
  provider(address: string): string | undefined {
    return textOf(member(this.#resources.get(withoutKeys(address)), 'provider_config_key'))
  }

  scopeOf(address: string): Scope {
    const resource = this.#resources.get(withoutKeys(address))
    const forEach = member(resource, 'for_each_expression')
    return { module: moduleOf(address), key: keyOf(address), forEach }
  }

  /** Returns the targets of an expression's references, each once. */
  targets(expression: JsonNode | undefined, scope: Scope, depth = 0): readonly Target[] {
    const byKey = new Map<string, Target>()
    for (const target of this.#follow(expression, scope, depth)) {
      const { type } = target
      const key =
        type === 'resource'
          ? `${target.address} ${target.attribute}`
          : type === 'open'
            ? target.name
            : `${target.node.start}`
      byKey.set(`${type} ${key}`, target)
    }
    return [...byKey.values()]
  }

  #follow(expression: JsonNode | undefined, scope: Scope, depth: number): readonly Target[] {
    const constant = member(expression, 'constant_value')
    if (constant !== undefined) return [{ type: 'constant', node: constant }]
    const references = member(expression, 'references')
    if (references !== undefined)
      return headsOf(itemsOf(references).flatMap((each) => textOf(each) ?? [])).flatMap((head) =>
        this.#targetsOf(head, scope, depth),
      )
    // nested blocks
    const inner =
      expression?.type === 'object' ? expression.members.map(({ value }) => value) : itemsOf(expression)
    return inner.flatMap((each) => this.#follow(each, scope, depth))
  }

  #targetsOf(head: string, scope: Scope, depth: number): readonly Target[] {
    if (++this.#steps > mostSteps || depth > deepest) return [{ type: 'open', name: head }]
    const [first = ''] = head.split('.', 1)
    switch (first) {
      case 'each':
      case 'count':
        return this.#each(head, scope, depth)
      case 'var':
        return this.#variable(head, scope, depth)
      case 'module':
        return this.#output(head, scope, depth)
      case 'local':
        return [{ type: 'open', name: head }]
      case 'path':
      case 'terraform':
      case 'self':
        return []
      default:
        return this.#instancesOf(head, scope)
    }
  }

  #each(head: string, { key, forEach, module }: Scope, depth: number): readonly Target[] {
    const plain = key.slice(1, -1).replaceAll('"', '')
    const constant: Target = {
      type: 'constant',
      node: { type: 'string', value: plain, start: this.#root.start, end: this.#root.end },
    }
    if (!head.startsWith('each.value')) return [constant]
    const all = this.targets(forEach, { module, key: '' }, depth + 1)
    // over the instances of another resource: that of the same key
    return picked(all, key, head).map((target) => {
      if (target.type !== 'constant') return target
      const value = member(target.node, plain)
      return value === undefined ? constant : { type: 'constant', node: value }
    })
  }

  #variable(head: string, { module }: Scope, depth: number): readonly Target[] {
    const [, name = ''] = /^var\.([\w-]+)/.exec(head) ?? []
    const { node, call } = this.#modules.get(withoutKeys(module)) ?? {}
    const given = module === '' ? at(this.#root, 'variables', name, 'value') : undefined
    if (given !== undefined) return [{ type: 'constant', node: given }]
    const expression = at(call, 'expressions', name)
    if (expression !== undefined) {
      const scope = {
        module: moduleOf(module),
        key: keyOf(module),
        forEach: member(call, 'for_each_expression'),
      }
      return this.targets(expression, scope, depth + 1)
    }
    const preset = at(node, 'variables', name, 'default')
    return preset === undefined ? [{ type: 'open', name: head }] : [{ type: 'constant', node: preset }]
  }

  #output(head: string, { module, key }: Scope, depth: number): readonly Target[] {
    const [, name = '', index, output, rest = ''] =
      /^module\.([\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?(.*)$/s.exec(head) ?? []
    const plain = joined(withoutKeys(module), `module.${name}`)
    const expression = at(this.#modules.get(plain)?.node, 'outputs', output ?? '', 'expression')
    if (output === undefined || expression === undefined) return [{ type: 'open', name: head }]
    const all = [...(this.#moduleInstances.get(plain) ?? [])].filter(
      (each) => moduleOf(each) === module || withoutKeys(module) === module,
    )
    const targets = chosen(all, index, key).flatMap((each) =>
      this.targets(expression, { module: each, key: '' }, depth + 1),
    )
    const [inner = ''] = /^\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/.exec(rest) ?? []
    return picked(targets, inner, rest)
  }

  #instancesOf(head: string, { module, key }: Scope): readonly Target[] {
    const [, name = '', index, attribute = ''] =
      /^((?:data\.)?[a-z]\w*\.[\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?/.exec(head) ?? []
    const all = (this.#instances.get(withoutKeys(joined(module, name))) ?? []).filter(
      (each) => moduleOf(each) === module,
    )
    if (all.length === 0) return [{ type: 'open', name: head }]
    return chosen(all, index, key).map((address) => ({ type: 'resource', address, attribute }))
  }

  #configure(configuration: ModuleConfiguration, address: string): void {
    const { node } = configuration
    this.#modules.set(address, configuration)
    for (const each of itemsOf(member(node, 'resources'))) {
      const name = textOf(member(each, 'address'))
      if (name !== undefined) this.#resources.set(joined(address, name), each)
    }
    for (const { key, value } of membersOf(member(node, 'module_calls')))
      this.#configure({ node: member(value, 'module'), call: value }, joined(address, `module.${key.value}`))
  }
}

/** The instances that a reference means: that of its index, that of the same key, or all. */
function chosen(all: readonly string[], index: string | undefined, key: string): readonly string[] {
  const exact = index ?? key
  const one = all.filter((each) => keyOf(each) === exact)
  return one.length > 0 && exact !== '' ? one : all
}

/** Of whole resources the instances of a key, if there are any, with the attribute that the reference ends with. */
function picked(targets: readonly Target[], key: string, reference: string): readonly Target[] {
  const [, attribute = ''] = /\.(arn|id|name)$/.exec(reference) ?? []
  const whole = (target: Target) => target.type === 'resource' && target.attribute === ''
  const same = targets.filter(
    (target) => key !== '' && target.type === 'resource' && whole(target) && keyOf(target.address) === key,
  )
  const open = same.length > 0 ? targets.filter((target) => !whole(target) || same.includes(target)) : targets
  return open.map((target) =>
    target.type === 'resource' && whole(target) ? { ...target, attribute } : target,
  )
}

/** References without those that are the beginning of another. */
function headsOf(references: readonly string[]): readonly string[] {
  const all = [...new Set(references)]
  return all.filter(
    (each) => !all.some((other) => other.startsWith(`${each}.`) || other.startsWith(`${each}[`)),
  )
}

export function joined(module: string, name: string): string {
  return module === '' ? name : `${module}.${name}`
}

/** An address without the keys of `count` and `for_each`. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '')
}

/** The key at the end of an address; empty if there is none. */
export function keyOf(address: string): string {
  return /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]$/.exec(address)?.[0] ?? ''
}

/** The address of the module that a resource or module is in. */
export function moduleOf(address: string): string {
  const steps: string[] = []
  const step = /(module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?)(?:\.|$)/y
  for (let match = step.exec(address); match !== null; match = step.exec(address)) steps.push(match[1] ?? '')
  const isModule = steps.join('.') === address
  return (isModule ? steps.slice(0, -1) : steps).join('.')
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}
