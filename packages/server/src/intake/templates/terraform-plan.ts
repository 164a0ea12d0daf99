import { type JsonMember, type JsonNode, type JsonObject, parseJson } from '@omen-iam/policy'
import {
  at,
  derivedCharacters,
  itemsOf,
  knownItems,
  member,
  membersOf,
  type ResolveOptions,
  sourceLimits,
  textOf,
} from '../../sources/index.ts'
import { isComputed, naming, wantsArn } from './terraform-attributes.ts'
import { DeferredDocuments, placed } from './terraform-documents.ts'
import { PlanHomes } from './terraform-homes.ts'
import { arnFormOf, arnOf, isName } from './terraform-names.ts'
import { type RawPlan, type RawResource, rawPlan } from './terraform-raw.ts'
import { moduleOf, type Target, TerraformReferences, withoutKeys } from './terraform-references.ts'
import { inferredTrust } from './terraform-trust.ts'

/** A resource of a plan or a state. */
export interface PlannedResource {
  readonly address: string
  readonly type: string
  readonly node: JsonNode
  /** Its attributes; those that are known only after apply are unknown texts. */
  readonly values: JsonObject
}

/** Why a value is not known, before a plan is applied. */
const afterApply = 'a value that is known after apply'

/** A plan or a state as `terraform show -json` prints it. Source: Terraform documentation, JSON output format. */
export class TerraformPlan {
  /** Why texts are not known, by their nodes. */
  readonly unknown = new Map<JsonNode, string>()
  /** Texts that are one of several, and which. */
  readonly #oneOf = new Map<JsonNode, readonly string[]>()
  /** The accounts and regions of its resources. */
  readonly homes: PlanHomes
  readonly #isExact: boolean
  readonly #plan: RawPlan
  /** Resources whose name, id or ARN something in the plan depends on; empty if it does not say so. */
  readonly #relevant: ReadonlySet<string>
  readonly #names = new Map<string, string>()
  /** Why a document of a resource is not the one that it will have. */
  readonly #inferred = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #references: TerraformReferences
  readonly #documents: DeferredDocuments
  #planned: readonly PlannedResource[] | undefined

  constructor(root: JsonNode, options: ResolveOptions = {}) {
    this.#isExact = options.exact === true
    this.#plan = rawPlan(root)
    const { resources, changes, data } = this.#plan
    this.#references = new TerraformReferences(
      root,
      new Set([...changes.keys(), ...resources.keys(), ...data.keys()]),
    )
    this.homes = new PlanHomes(root, this.#plan, this.#references, options)
    this.#relevant = new Set(
      itemsOf(member(root, 'relevant_attributes')).flatMap((each) => {
        const [first] = itemsOf(member(each, 'attribute'))
        const isNaming = ['', 'name', 'id', 'arn'].includes(textOf(first) ?? '')
        return isNaming ? withoutKeys(textOf(member(each, 'resource')) ?? '') : []
      }),
    )
    for (const [address, raw] of resources) this.#name(address, raw)
    this.#documents = new DeferredDocuments(this.#references, this.unknown, {
      isExact: this.#isExact,
      changeOf: (address) => changes.get(address),
      valueOf: (target) => this.#valueOf(target),
      open: (targets) => this.#open(targets),
      providers: (type) => this.#likely([type], '', true).flatMap((each) => this.#valueOf(each) ?? []),
      anyOf: (service) => (this.#isExact ? undefined : `arn:${this.homes.main.partition}:${service}:*:*:*`),
    })
  }

  /** Resources as they will be, data sources left out. */
  resources(): readonly PlannedResource[] {
    this.#planned ??= [...this.#plan.resources.values()].map((raw) => {
      const { address, type, node } = raw
      return { address, type, node, values: this.#valuesOf(raw) }
    })
    return this.#planned
  }

  /** Data sources that were read before the plan, with their addresses. */
  data(): ReadonlyMap<string, JsonNode> {
    return this.#plan.data
  }

  /** Attributes of a resource that are one of several names or ARNs, with these. */
  choicesOf({ values }: PlannedResource): readonly (readonly [name: string, texts: readonly string[]])[] {
    return values.members.flatMap(({ key, value }) => {
      const [node = value] = itemsOf(value)
      const texts = this.#oneOf.get(node)
      return texts === undefined ? [] : [[key.value, texts] as const]
    })
  }

  /** Returns the placeholders of unknown values of a resource's documents, in one sentence each. */
  notesOf({ values }: PlannedResource): readonly string[] {
    return values.members.flatMap(({ key, value }) => {
      const documents =
        key.value === 'inline_policy' ? itemsOf(value).map((each) => member(each, 'policy')) : [value]
      return documents.flatMap((each) => (each === undefined ? [] : this.#documents.notesOf(each)))
    })
  }

  /** Settles the name of a resource: a name that is made at apply is a pattern of its own (behaviour TPL-34). */
  #name(address: string, { type, values }: RawResource): void {
    const form = arnFormOf(type)
    if (form === undefined) return
    const written = textOf(member(values, form.name))
    const prefix = form.prefix === undefined ? undefined : textOf(member(values, form.prefix))
    const derived = derivedCharacters(address, 26)
    const pattern = this.#isExact
      ? `${prefix ?? 'terraform-'}${derived.replaceAll(/[A-Z]/g, (each) => String(each.charCodeAt(0) % 10))}`
      : `${prefix ?? ''}*`
    let name = written ?? pattern
    for (let count = 2; written === undefined && this.#taken.has(`${type} ${name}`); count++)
      name = `${pattern}-${count}`
    this.#taken.add(`${type} ${name}`)
    this.#names.set(address, name)
  }

  /** The attributes of a resource, with an unknown text for each that is known only after apply. */
  #valuesOf(raw: RawResource): JsonObject {
    const { values, marks, node, address, type } = raw
    const { start, end } = node
    const expressions = this.#references.expressions(address)
    const written = membersOf(values).flatMap(({ key, value }): readonly JsonMember[] => {
      if (value.type === 'scalar' && value.value === null) return []
      const mark = member(marks, key.value)
      return [{ key, value: this.#list(key.value, value, mark, raw) }]
    })
    const names = new Set(written.map(({ key }) => key.value))
    const missing = membersOf(marks).flatMap(({ key, value }): readonly JsonMember[] => {
      if (!isTrue(value) || names.has(key.value)) return []
      const isSet = expressions === undefined || member(expressions, key.value) !== undefined
      if (!isSet && isComputed(key.value, type)) return []
      return [{ key, value: this.#resolved(key.value, raw) }]
    })
    const all = [...written, ...missing]
    if (/^aws_organizations_/.test(type) && isTrue(member(marks, 'id')) && !this.#isExact)
      return withText(all, 'id', madeId(address), node)
    const name = this.#names.get(address)
    const form = arnFormOf(type)
    if (name === undefined || form === undefined || textOf(member(values, form.name)) !== undefined)
      return { type: 'object', members: all, start, end }
    return withText(all, form.name, name, node)
  }

  /** A list or tags with items that are known only after apply, or a list of blocks that hold a policy. */
  #list(name: string, value: JsonNode, mark: JsonNode | undefined, raw: RawResource): JsonNode {
    if (name === 'tags' && value.type === 'object') {
      const unknown = membersOf(mark).filter((each) => isTrue(each.value))
      const tags = unknown.map(({ key }) => ({ key, value: this.#unknownText(raw.node, afterApply) }))
      return { ...value, members: [...value.members, ...tags] }
    }
    if (value.type !== 'list' || mark === undefined) return value
    if (name === 'inline_policy')
      return {
        ...value,
        items: value.items.map((item, index) => {
          const isUnknown = isTrue(member(itemsOf(mark)[index], 'policy'))
          if (item.type !== 'object' || !isUnknown) return item
          const key = { type: 'string' as const, value: 'policy', start: item.start, end: item.end }
          const others = item.members.filter((each) => each.key.value !== 'policy')
          return { ...item, members: [...others, { key, value: this.#resolved(name, raw, index) }] }
        }),
      }
    if (naming[name] === undefined)
      return {
        ...value,
        items: value.items.map((item, index) =>
          isTrue(itemsOf(mark)[index]) ? this.#unknownText(raw.node, afterApply) : item,
        ),
      }
    if (!itemsOf(mark).some(isTrue)) return value
    const { known, missing } = knownItems(value, mark)
    const resolved = this.#resolved(name, raw, undefined, missing)
    return { ...value, items: [...known, ...(resolved.type === 'list' ? resolved.items : [resolved])] }
  }

  /** Returns the value that an attribute refers to; an unknown text where the plan does not have it. */
  #resolved(name: string, raw: RawResource, index?: number, count = 1): JsonNode {
    const { address, node } = raw
    const expressions = member(this.#references.expressions(address), name)
    const expression = index === undefined ? expressions : (itemsOf(expressions)[index] ?? expressions)
    const targets = this.#references.targets(
      index === undefined ? expression : (member(expression, 'policy') ?? expression),
      this.#references.scopeOf(address),
    )
    const documents = targets.filter(
      (each) => each.type === 'resource' && /(?:^|\.)data\.aws_iam_policy_document\./.test(each.address),
    )
    const document = documents.length === 0 ? undefined : this.#documents.of(documents, node)
    if (document !== undefined) return document
    const stand =
      this.#before(name, raw) ?? (name === 'assume_role_policy' ? this.#trust(targets, raw) : undefined)
    if (stand !== undefined) return stand
    const types = naming[name]
    if (types !== undefined) return this.#named(name, types, { targets, count }, raw)
    return this.#unknownText(node, reasonOf(targets))
  }

  /** The document that something has before it gets one that is not known: nobody is said to lose what it gives. */
  #before(name: string, { address }: RawResource): JsonNode | undefined {
    const before = at(this.#plan.changes.get(address), 'change', 'before', name)
    if (this.#isExact || !textOf(before)?.includes('"Statement"')) return undefined
    this.#inferred.set(address, `${name} is taken to be the previous one: the new one is known after apply`)
    return before
  }

  /** The trust policy of a new role by what its expression refers to. */
  #trust(targets: readonly Target[], { address, node }: RawResource): JsonNode | undefined {
    if (this.#isExact) return undefined
    const things = targets.flatMap((each) => {
      if (each.type !== 'resource') return []
      const { type = '', values } = this.#plan.resources.get(each.address) ?? {}
      const arn = this.#valueOf({ ...each, attribute: 'arn' })
      const issuer = textOf(member(values, 'url'))?.replace(/^https:\/\//, '')
      const audiences = itemsOf(member(values, 'client_id_list')).flatMap((id) => textOf(id) ?? [])
      return arn === undefined ? [] : [{ type, arn, issuer, audiences }]
    })
    const document = inferredTrust(things)
    const root = document === undefined ? undefined : parseJson(document, sourceLimits.depth)
    if (root === undefined || root.type === 'problem') return undefined
    this.#inferred.set(
      address,
      'the trust policy is taken to trust what it refers to: its conditions are known after apply',
    )
    return placed(root, node)
  }

  /** Why a document of a resource is not the one that it will have; undefined if it is. */
  inferredOf({ address }: PlannedResource): string | undefined {
    return this.#inferred.get(address)
  }

  /** The names or ARNs that an attribute will have: what is known before apply is none of them. */
  #named(
    name: string,
    types: readonly string[],
    { targets: all, count }: { readonly targets: readonly Target[]; readonly count: number },
    { address, node, type }: RawResource,
  ): JsonNode {
    const targets = this.#open(all)
    const { start, end } = node
    const isList = /s$/.test(name)
    // a name that the provider makes of nothing that is written
    if (targets.length === 0 && types.length === 0) return this.#unknownText(node, afterApply)
    const candidates = targets.filter(
      (each) =>
        each.type === 'resource' &&
        (types.length === 0 || types.includes(this.#plan.resources.get(each.address)?.type ?? '')),
    )
    const isArn = wantsArn(name, type)
    const isOpen = targets.some((each) => each.type === 'open') && /^aws_iam_|_policy$/.test(type)
    const chosen =
      candidates.length > 0 || !isOpen ? candidates : this.#likely(types, moduleOf(address), isArn)
    const texts = [...new Set(chosen.flatMap((each) => this.#valueOf(each, isArn) ?? []))]
    // a source is often a part of what is named
    const nodes = texts
      .map((text) => (name === 'source_arn' ? `${text}*` : text))
      .map((value): JsonNode => ({ type: 'string', value, start, end }))
    const [first] = nodes
    if (first === undefined) return this.#unknownText(node, reasonOf(targets))
    // a local value that the expression names as well is often a condition
    const isWhole = isList && (texts.length >= count || targets.every((each) => each.type !== 'open'))
    const isSure = candidates.length > 0 && (texts.length === 1 || isWhole)
    if (!isSure) {
      if (this.#isExact) return this.#unknownText(node, reasonOf(targets))
      for (const each of nodes) this.#oneOf.set(each, texts)
    }
    return nodes.length === 1 && !isList ? first : { type: 'list', items: nodes, start, end }
  }

  /** Resources that an attribute may name if its expression does not say it: those of the same module. */
  #likely(types: readonly string[], module: string, isArn: boolean): readonly Target[] {
    const all = [...this.#plan.resources.values()].filter(
      ({ type, marks }) =>
        types.includes(type) && (isTrue(member(marks, 'id')) || isTrue(member(marks, 'arn'))),
    )
    const near = all.filter(({ address }) => moduleOf(address) === module)
    const some = near.length > 0 ? near : all
    const used = some.filter(({ address }) => this.#relevant.has(withoutKeys(address)))
    return (used.length > 0 ? used : some).map(({ address }) => ({
      type: 'resource',
      address,
      attribute: isArn ? 'arn' : 'id',
    }))
  }

  /** The text of an attribute of a planned resource. */
  #valueOf(target: Target, isArn = false): string | undefined {
    if (target.type !== 'resource') return undefined
    const raw = this.#plan.resources.get(target.address)
    if (raw === undefined) return this.#dataValue(target)
    const { values, type } = raw
    const text = textOf(member(values, target.attribute))
    if (text !== undefined) return text
    if (/^aws_organizations_/.test(type)) return madeId(raw.address)
    const form = arnFormOf(type)
    const name = this.#names.get(raw.address)
    if (form === undefined || name === undefined) return undefined
    if (target.attribute === '' ? !isArn : isName(type, target.attribute)) return name
    if (!['', 'arn', 'id', 'url'].includes(target.attribute)) return undefined
    return arnOf(form, name, textOf(member(values, 'path')) ?? '/', this.homes.of(raw.address, values))
  }

  /** Of what an expression names the parts that its value can be: not those that are known, if there are others. */
  #open(targets: readonly Target[]): readonly Target[] {
    const open = targets.filter((each) => !this.#isKnown(each))
    return open.length > 0 ? open : targets
  }

  /** Whether a value is known before apply. */
  #isKnown(target: Target): boolean {
    if (target.type === 'constant') return true
    if (target.type === 'open') return false
    const raw = this.#plan.resources.get(target.address)
    if (raw === undefined)
      return this.#plan.data.has(target.address) && !this.#plan.changes.has(target.address)
    return target.attribute !== '' && textOf(member(raw.values, target.attribute)) !== undefined
  }

  #dataValue({ address, attribute }: Target & { readonly type: 'resource' }): string | undefined {
    const after = at(this.#plan.changes.get(address), 'change', 'after')
    return textOf(member(after, attribute === '' ? 'arn' : attribute))
  }

  #unknownText({ start, end }: JsonNode, reason: string): JsonNode {
    const node: JsonNode = { type: 'string', value: '${unknown}', start, end }
    this.unknown.set(node, reason)
    return node
  }
}

/** An id of Organizations that is given at apply. */
function madeId(address: string): string {
  return `known-after-apply-${derivedCharacters(address, 8).toLowerCase()}`
}

function withText(
  members: readonly JsonMember[],
  name: string,
  value: string,
  { start, end }: JsonNode,
): JsonObject {
  const key = { type: 'string' as const, value: name, start, end }
  const others = members.filter((each) => each.key.value !== name)
  return { type: 'object', members: [...others, { key, value: { ...key, value } }], start, end }
}

function reasonOf(targets: readonly Target[]): string {
  const [first] = targets.filter(({ type }) => type !== 'constant')
  if (first === undefined) return afterApply
  const name =
    first.type === 'open'
      ? first.name
      : first.type === 'resource'
        ? [withoutKeys(first.address) && first.address, first.attribute]
            .filter((each) => each !== '')
            .join('.')
        : ''
  return `${name}, which is known after apply`
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.type === 'scalar' && node.value === true
}
