import { type JsonNode, type JsonObject, parseJson } from '@omen-iam/policy'
import {
  at,
  type DocumentPlace,
  dataDocument,
  itemsOf,
  member,
  oneOrMany,
  rowOf,
  sourceLimits,
  textOf,
} from '../../sources/index.ts'
import { arnFormOf } from './terraform-names.ts'
import type { Scope, Target, TerraformReferences } from './terraform-references.ts'

/** The facts of the plan about the things that documents refer to. */
export interface PlanFacts {
  /** Whether only what is certain counts. */
  readonly isExact: boolean
  changeOf(address: string): JsonNode | undefined
  valueOf(target: Target): string | undefined
  /** Of what an expression names the parts that its value can be: not those that are known, if there are others. */
  open(targets: readonly Target[]): readonly Target[]
  /** ARNs of the identity providers of a type that the plan makes. */
  providers(type: string): readonly string[]
  /** The pattern of all resources of a service, where the plan does not say which; undefined if it must be exact. */
  anyOf(service: string): string | undefined
}

/** The providers that an action takes tokens of. */
const providers: Readonly<Record<string, string | undefined>> = {
  'sts:assumerolewithsaml': 'aws_iam_saml_provider',
  'sts:assumerolewithwebidentity': 'aws_iam_openid_connect_provider',
}

/** Documents that a document may be made of, one in another. */
const deepest = 16

/**
 * The documents that data sources `aws_iam_policy_document` will make at apply: their statements, those of the documents
 * that they begin with and those that override them by Sid (behaviour TPL-35).
 */
export class DeferredDocuments {
  readonly #references: TerraformReferences
  readonly #unknown: Map<JsonNode, string>
  readonly #facts: PlanFacts
  readonly #known = new Map<string, JsonObject | undefined>()
  /** The uncertain parts of a document, for people. */
  readonly #notes = new Map<JsonNode, readonly string[]>()

  constructor(references: TerraformReferences, unknown: Map<JsonNode, string>, facts: PlanFacts) {
    this.#references = references
    this.#unknown = unknown
    this.#facts = facts
  }

  /** All statements of the documents; undefined if the plan does not have them. */
  of(targets: readonly Target[], place: JsonNode): JsonObject | undefined {
    const documents = targets.flatMap((each) =>
      each.type === 'resource' ? (this.#document(each.address, 0) ?? []) : [],
    )
    const [first] = documents
    if (first === undefined) return undefined
    return documents.length === 1
      ? first
      : this.#noted(withStatements(first, documents.flatMap(statementsOf), place), documents)
  }

  /** Returns the placeholders of unknown values of a document, in one sentence each. */
  notesOf(document: JsonNode): readonly string[] {
    return this.#notes.get(document) ?? []
  }

  #noted(document: JsonObject, parts: readonly JsonNode[], more: readonly string[] = []): JsonObject {
    const notes = new Set([...more, ...parts.flatMap((each) => this.notesOf(each))])
    if (notes.size > 0) this.#notes.set(document, [...notes])
    return document
  }

  #document(address: string, depth: number): JsonObject | undefined {
    if (this.#known.has(address)) return this.#known.get(address)
    if (depth > deepest) return undefined
    const made = this.#make(address, depth)
    this.#known.set(address, made)
    return made
  }

  #make(address: string, depth: number): JsonObject | undefined {
    const change = this.#facts.changeOf(address)
    const after = at(change, 'change', 'after')
    if (after === undefined) return undefined
    const marks = at(change, 'change', 'after_unknown')
    const expressions = this.#references.expressions(address)
    const scope = this.#references.scopeOf(address)
    const notes: string[] = []
    const { document, unknownTexts } = dataDocument(after, marks, {
      expressions,
      resolve: (expression, place) => this.#texts(expression, scope, place, notes),
    })
    const used: JsonNode[] = []
    for (const [node, reason] of unknownTexts) this.#unknown.set(node, reason)
    const parts = (names: readonly string[]) =>
      names.flatMap((name) =>
        this.#parts(
          { values: member(after, name), marks: member(marks, name), expression: member(expressions, name) },
          scope,
          depth,
          used,
        ),
      )
    const before = parts(['source_json', 'source_policy_documents'])
    const behind = parts(['override_json', 'override_policy_documents'])
    if (before.length + behind.length === 0) return this.#noted(document, [], notes)
    const whole = withStatements(document, merged([...before, ...statementsOf(document), ...behind]), after)
    return this.#noted(whole, used, notes)
  }

  /** The statements of the documents that an attribute lists: those in it, and those that it refers to. */
  #parts(
    {
      values,
      marks,
      expression,
    }: {
      readonly values: JsonNode | undefined
      readonly marks: JsonNode | undefined
      readonly expression: JsonNode | undefined
    },
    scope: Scope,
    depth: number,
    used: JsonNode[],
  ): readonly JsonNode[] {
    const items = oneOrMany(values)
    const read = items.flatMap((item) => {
      const root =
        item.type === 'string' && item.value !== '' ? parseJson(item.value, sourceLimits.depth) : undefined
      return root === undefined || root.type === 'problem' ? [] : statementsOf(placed(root, item))
    })
    const isOpen = isTrue(marks) || itemsOf(marks).some(isTrue)
    if (!isOpen) return read
    const targets = this.#references.targets(expression, scope)
    const deferred = targets.flatMap((each) => {
      if (each.type !== 'resource') return []
      const document = this.#document(each.address, depth + 1)
      return document === undefined ? [] : [document]
    })
    used.push(...deferred)
    const count = isTrue(marks) ? Number.POSITIVE_INFINITY : itemsOf(marks).filter(isTrue).length
    const isSettled =
      targets.every((each) => each.type !== 'open') || (deferred.length >= count && !this.#facts.isExact)
    const isWhole = deferred.length > 0 && isSettled
    const place = values ?? marks
    const open: JsonNode[] = []
    if (!isWhole && place !== undefined) {
      const node: JsonNode = { type: 'string', value: '${unknown}', start: place.start, end: place.end }
      const [first] = targets.flatMap((each) => (each.type === 'open' ? [each.name] : []))
      this.#unknown.set(
        node,
        first === undefined ? 'a document that is known after apply' : `${first}, which is known after apply`,
      )
      open.push(node)
    }
    return [...read, ...deferred.flatMap(statementsOf), ...open]
  }

  /** The texts that unknown values of a statement will be, as far as what they refer to says it. */
  #texts(
    expression: JsonNode | undefined,
    scope: Scope,
    { element, isDeny, actions, count }: DocumentPlace,
    notes: string[],
  ) {
    const isResource = element === 'Resource' || element === 'NotResource'
    const isEntity = isResource || element === 'AWS' || element === 'Federated'
    const texts: string[] = []
    const open: string[] = []
    let targetsSeen = 0
    for (const target of this.#facts.open(this.#references.targets(expression, scope))) {
      if (target.type === 'constant') continue
      const named = target.type === 'resource' && isEntity ? { ...target, attribute: 'arn' } : target
      const text = this.#facts.valueOf(named)
      // a Deny on a pattern would hide what is allowed
      if (text === undefined || (isDeny && text.includes('*'))) {
        open.push(target.type === 'open' ? target.name : target.address)
        continue
      }
      targetsSeen++
      texts.push(text)
      const inside = target.type === 'resource' ? arnFormOf(typeOf(target.address))?.inside : undefined
      if (isResource && inside !== undefined) texts.push(`${text}${inside}`)
    }
    const all = () => [...new Set(texts)]
    if (targetsSeen > 0 && open.length === 0) return { texts: all(), isWhole: true }
    if (targetsSeen > 0 && count !== undefined && targetsSeen >= count && !this.#facts.isExact) {
      // a local value that the expression names as well is often a condition
      notes.push(
        `${element}: ${all().join(', ')} is taken for the value, which depends on ${open.join(', ')} too`,
      )
      return { texts: all(), isWhole: true }
    }
    if (element === 'Federated')
      for (const action of actions) {
        const type = rowOf(providers, action.toLowerCase())
        const made = type === undefined ? [] : this.#facts.providers(type)
        if (made.length === 1 && count === 1) return { texts: made, isWhole: true }
        texts.push(...made)
      }
    if (element !== 'Resource' || isDeny) return { texts: all(), isWhole: false }
    const services = new Set(actions.map((each) => each.split(':', 1)[0]?.toLowerCase() ?? '*'))
    const patterns = [...services].flatMap((service) => this.#facts.anyOf(service) ?? [])
    if (patterns.length > 0)
      notes.push(
        `Resource: ${patterns.join(', ')} stands for ${open.join(', ') || 'a value'}, which is known after apply`,
      )
    texts.push(...patterns)
    return { texts: all(), isWhole: patterns.length > 0 }
  }
}

function typeOf(address: string): string {
  return /(?:^|\.)(aws_\w+)\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?$/.exec(address)?.[1] ?? ''
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.type === 'scalar' && node.value === true
}

function statementsOf(document: JsonNode): readonly JsonNode[] {
  return oneOrMany(member(document, 'Statement'))
}

/** Of statements with one Sid the last counts, at the place of the first. */
function merged(statements: readonly JsonNode[]): readonly JsonNode[] {
  const all: JsonNode[] = []
  const bySid = new Map<string, number>()
  for (const statement of statements) {
    const sid = textOf(member(statement, 'Sid')) ?? ''
    const place = sid === '' ? undefined : bySid.get(sid)
    if (place !== undefined) all[place] = statement
    else {
      if (sid !== '') bySid.set(sid, all.length)
      all.push(statement)
    }
  }
  return all
}

function withStatements(
  document: JsonObject,
  items: readonly JsonNode[],
  { start, end }: JsonNode,
): JsonObject {
  return {
    ...document,
    members: document.members.map((each) =>
      each.key.value === 'Statement' ? { ...each, value: { type: 'list', items, start, end } } : each,
    ),
  }
}

/** A tree of a text, at the place of the text. */
export function placed(node: JsonNode, place: JsonNode): JsonNode {
  const { start, end } = place
  switch (node.type) {
    case 'list':
      return { ...node, items: node.items.map((each) => placed(each, place)), start, end }
    case 'object':
      return {
        ...node,
        members: node.members.map(({ key, value }) => ({
          key: { ...key, start, end },
          value: placed(value, place),
        })),
        start,
        end,
      }
    default:
      return { ...node, start, end }
  }
}
