import type { JsonMember, JsonNode, JsonObject } from '@omen-iam/policy'
import { at, dataDocument, itemsOf, member, membersOf, textOf } from '../../sources/index.ts'

/** A resource of a plan or a state. */
export interface PlannedResource {
  readonly address: string
  readonly type: string
  /** The address of the module that it is in; empty for the root. */
  readonly module: string
  readonly node: JsonNode
  /** Its attributes; those that are known only after apply are unknown texts. */
  readonly values: JsonObject
}

/** Why a value is not known, before a plan is applied. */
const afterApply = 'a value that is known after apply'

/** Attributes that name another resource, and nothing else: where their value is not known, what they refer to says it. */
const naming: ReadonlySet<string> = new Set([
  'role',
  'user',
  'group',
  'policy_arn',
  'bucket',
  'queue_url',
  'secret_arn',
  'repository',
  'function_name',
  'policy_id',
  'target_id',
  'identity_pool_id',
])

/** A plan or a state as `terraform show -json` prints it. Source: Terraform documentation, JSON output format. */
export class TerraformPlan {
  /** Why texts are not known, by their nodes. */
  readonly unknown = new Map<JsonNode, string>()
  readonly #root: JsonNode
  readonly #changes = new Map<string, JsonNode>()
  /** Expressions of the configuration, by module and resource: `module.a aws_iam_role.b`. */
  readonly #expressions = new Map<string, JsonNode>()
  readonly #planned = new Map<string, PlannedResource>()

  constructor(root: JsonNode) {
    this.#root = root
    for (const change of itemsOf(member(root, 'resource_changes'))) {
      const address = textOf(member(change, 'address'))
      if (address !== undefined) this.#changes.set(address, change)
    }
    this.#configure(at(root, 'configuration', 'root_module'), '')
    for (const module of [at(root, 'planned_values', 'root_module'), at(root, 'values', 'root_module')])
      if (module !== undefined) this.#read(module, '')
  }

  /** Resources as they will be, data sources left out. */
  resources(): readonly PlannedResource[] {
    return [...this.#planned.values()]
  }

  /** A text anywhere in what was read before the plan, such as the number of the account. */
  read(type: string, attribute: string): string | undefined {
    const modules = [
      at(this.#root, 'prior_state', 'values', 'root_module'),
      at(this.#root, 'values', 'root_module'),
    ]
    for (const module of modules)
      for (const each of itemsOf(member(module, 'resources')))
        if (textOf(member(each, 'type')) === type) return textOf(at(each, 'values', attribute))
    return undefined
  }

  /** The constant that the configuration of the provider of AWS sets. */
  providerSetting(name: string): string | undefined {
    return textOf(
      at(this.#root, 'configuration', 'provider_config', 'aws', 'expressions', name, 'constant_value'),
    )
  }

  #configure(module: JsonNode | undefined, address: string): void {
    for (const each of itemsOf(member(module, 'resources'))) {
      const name = textOf(member(each, 'address'))
      const expressions = member(each, 'expressions')
      if (name !== undefined && expressions !== undefined)
        this.#expressions.set(`${address} ${name}`, expressions)
    }
    for (const { key, value } of membersOf(member(module, 'module_calls')))
      this.#configure(member(value, 'module'), withoutKeys(joined(address, `module.${key.value}`)))
  }

  #read(module: JsonNode, address: string): void {
    const own = textOf(member(module, 'address')) ?? address
    for (const each of itemsOf(member(module, 'resources'))) {
      const name = textOf(member(each, 'address')) ?? ''
      const type = textOf(member(each, 'type')) ?? ''
      if (textOf(member(each, 'mode')) === 'data') continue
      this.#planned.set(name, {
        address: name,
        type,
        module: own,
        node: each,
        values: this.#values(each, name, type, own),
      })
    }
    for (const child of itemsOf(member(module, 'child_modules'))) this.#read(child, own)
  }

  /** The attributes of a resource, with an unknown text for each that is known only after apply. */
  #values(resource: JsonNode, address: string, type: string, module: string): JsonObject {
    const { start, end } = resource
    const written = membersOf(member(resource, 'values')).filter(
      ({ value }) => value.type !== 'scalar' || value.value !== null,
    )
    const names = new Set(written.map(({ key }) => key.value))
    const marks = membersOf(at(this.#changes.get(address), 'change', 'after_unknown'))
    const missing = marks.flatMap(({ key, value }): readonly JsonMember[] => {
      const isUnknown = value.type === 'scalar' && value.value === true
      if (!isUnknown || names.has(key.value)) return []
      return [
        {
          key,
          value: this.#resolved(
            key.value,
            `${withoutKeys(module)} ${type}.${nameIn(address)}`,
            module,
            resource,
          ),
        },
      ]
    })
    return { type: 'object', members: [...written, ...missing], start, end }
  }

  /** What an attribute refers to; an unknown text where the plan does not say it. */
  #resolved(name: string, configured: string, module: string, place: JsonNode): JsonNode {
    const [first = '', ...others] = itemsOf(
      at(this.#expressions.get(configured), name, 'references'),
    ).flatMap((each) => textOf(each) ?? [])
    // one reference alone is listed with what it is a part of
    if (others.every((each) => first.startsWith(each))) {
      const document =
        name.includes('policy') && name !== 'policy_arn' ? this.#document(first, module) : undefined
      if (document !== undefined) return document
      const text = naming.has(name) ? this.#referred(first, module) : undefined
      if (text !== undefined) return { type: 'string', value: text, start: place.start, end: place.end }
    }
    const reasons = first === '' ? afterApply : `${first}, which is known after apply`
    return this.#unknownText(place, reasons)
  }

  #unknownText({ start, end }: JsonNode, reason: string): JsonNode {
    const node: JsonNode = { type: 'string', value: '${unknown}', start, end }
    this.unknown.set(node, reason)
    return node
  }

  /** The document that a data source will make. */
  #document(reference: string, module: string): JsonNode | undefined {
    const [, name] = /^data\.(aws_iam_policy_document\.[\w-]+)\.(?:json|minified_json)$/.exec(reference) ?? []
    const change = name === undefined ? undefined : this.#changes.get(joined(module, `data.${name}`))
    const after = at(change, 'change', 'after')
    if (after === undefined || member(after, 'source_policy_documents') !== undefined) return undefined
    const { document, unknownTexts } = dataDocument(after, at(change, 'change', 'after_unknown'))
    for (const [node, reason] of unknownTexts) this.unknown.set(node, reason)
    return document
  }

  /** The name or the ARN that a reference such as `aws_iam_role.r.id` will have. */
  #referred(reference: string, module: string): string | undefined {
    const [, address = '', attribute = ''] = /^(.+)\.(id|name|arn|bucket|url)$/.exec(reference) ?? []
    const resource = this.#planned.get(joined(module, address)) ?? this.#early(joined(module, address))
    if (resource === undefined) return undefined
    const known = textOf(member(resource.values, attribute))
    const unknown = member(resource.values, attribute)
    if (known !== undefined && unknown !== undefined && !this.unknown.has(unknown)) return known
    const name = ['name', 'bucket', 'identity_pool_name']
      .map((each) => textOf(member(resource.values, each)))
      .find((each) => each !== undefined)
    if (name === undefined) return undefined
    if (attribute === 'arn' || (attribute === 'id' && resource.type === 'aws_iam_policy'))
      return resource.type === 'aws_iam_policy'
        ? `{arn}policy${textOf(member(resource.values, 'path')) ?? '/'}${name}`
        : undefined
    return attribute === 'url' ? undefined : name
  }

  /** A resource that is listed behind the one that refers to it. */
  #early(address: string): PlannedResource | undefined {
    const change = this.#changes.get(address)
    const after = at(change, 'change', 'after')
    if (change === undefined || after?.type !== 'object') return undefined
    return { address, type: textOf(member(change, 'type')) ?? '', module: '', node: change, values: after }
  }
}

/** The placeholder of `arn:aws:iam::123456789012:` in a text that a reference resolves to. */
export const arnStandIn = '{arn}'

function joined(module: string, name: string): string {
  return module === '' ? name : `${module}.${name}`
}

/** An address without the keys of `count` and `for_each`. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[[^[\]]*\]/g, '')
}

/** The name in an address: `b` of `module.x["a.b"].aws_iam_role.b[0]`. */
function nameIn(address: string): string {
  const plain = withoutKeys(address)
  return plain.slice(plain.lastIndexOf('.') + 1)
}
