import type { JsonMember, JsonNode, JsonObject } from '@omen-iam/policy'
import { itemsOf, member, oneOrMany, textAt, textOf } from './nodes.ts'
import { unknownPart } from './print.ts'

/** The element of a statement that has an unknown value. */
export interface DocumentPlace {
  /** `Resource`, `Condition`, the type of a principal. */
  readonly element: string
  readonly isDeny: boolean
  /** The actions of the statement that are known. */
  readonly actions: readonly string[]
  /** How many of its values are not known; undefined if not even that is. */
  readonly count: number | undefined
}

/** How unknown values of a document are found by what their expressions refer to. */
export interface DocumentReferences {
  /** The expressions of the data source. */
  readonly expressions: JsonNode | undefined
  /** The texts that an expression will have; `isWhole` if they are all of them. */
  resolve(
    expression: JsonNode | undefined,
    place: DocumentPlace,
  ): { readonly texts: readonly string[]; readonly isWhole: boolean }
}

/**
 * The policy that a data source `aws_iam_policy_document` will make, from its blocks: `json` is absent before the plan
 * is applied if one of its values is unknown. Such values are found by their references, or become unknown ones.
 */
export function documentOf(
  values: JsonNode,
  unknown: JsonNode | undefined,
  references?: DocumentReferences,
): { readonly document: JsonObject; readonly unknownTexts: ReadonlyMap<JsonNode, string> } {
  const unknownTexts = new Map<JsonNode, string>()
  const blocks = itemsOf(member(values, 'statement'))
  const expressions = member(references?.expressions, 'statement')
  // a dynamic block makes any number of statements
  const isStatic = itemsOf(expressions).length === blocks.length
  const statements = blocks.map(
    (statement, index): JsonNode =>
      statementOf(
        {
          statement,
          unknown: itemsOf(member(unknown, 'statement'))[index],
          expressions: isStatic ? itemsOf(expressions)[index] : undefined,
        },
        unknownTexts,
        references,
      ),
  )
  if (isTrue(member(unknown, 'statement'))) {
    // a dynamic block over values that are not known
    const text = textAt(unknownPart, values)
    unknownTexts.set(text, 'a value that is known after apply')
    statements.push(text)
  }
  const version = textAt(textOf(member(values, 'version')) ?? '2012-10-17', values)
  const list: JsonNode = { type: 'list', items: statements, start: values.start, end: values.end }
  return {
    document: object(values, [
      ['Version', version],
      ['Statement', list],
    ]),
    unknownTexts,
  }
}

/** A block with the marks of what is unknown in it, and its expressions. */
interface Block {
  readonly statement: JsonNode
  readonly unknown: JsonNode | undefined
  readonly expressions: JsonNode | undefined
}

function statementOf(
  { statement, unknown, expressions }: Block,
  unknownTexts: Map<JsonNode, string>,
  references: DocumentReferences | undefined,
): JsonObject {
  const effect = textOf(member(statement, 'effect')) ?? 'Allow'
  const actions = itemsOf(member(statement, 'actions')).flatMap((each) => textOf(each) ?? [])
  const made = (place: JsonNode) => {
    const text = textAt(unknownPart, place)
    unknownTexts.set(text, 'a value that is known after apply')
    return text
  }
  const listOf = (
    name: string,
    element: string,
    { block, marks, written }: BlockParts = { block: statement, marks: unknown, written: expressions },
  ): JsonNode | undefined => {
    const mark = member(marks, name)
    const value = member(block, name)
    const isWholly = isTrue(mark)
    if (!isWholly && value?.type === 'string') return value
    const items = itemsOf(value)
    const { known, missing } = isWholly ? { known: [], missing: 0 } : knownItems(value, mark)
    if (!isWholly && missing === 0) return items.length === 0 ? undefined : value
    const place = items.find((item) => !known.includes(item)) ?? value ?? block
    const found = references?.resolve(member(written, name), {
      element,
      isDeny: effect === 'Deny',
      actions,
      count: isWholly ? undefined : missing,
    })
    const texts = (found?.texts ?? []).map((text) => textAt(text, place))
    const left = found?.isWhole && texts.length > 0 ? [] : [made(place)]
    if (isWholly && texts.length === 0) return made(place)
    return { type: 'list', items: [...known, ...texts, ...left], start: place.start, end: place.end }
  }
  const blocks = (name: string): readonly BlockParts[] => {
    const all = oneOrMany(member(statement, name))
    const written = itemsOf(member(expressions, name))
    return all.map((block, index) => ({
      block,
      marks: itemsOf(member(unknown, name))[index],
      written: written.length === all.length ? written[index] : undefined,
    }))
  }
  /** Whether there are blocks of which not all is known that says what they mean. */
  const isOpen = (name: string, attributes: readonly string[]) =>
    isTrue(member(unknown, name)) ||
    blocks(name).some(({ marks }) => attributes.some((each) => isTrue(member(marks, each))))
  const principals = (name: string): JsonNode | undefined => {
    if (isOpen(name, ['type'])) return made(statement)
    const all = blocks(name).map((each): [string, JsonNode | undefined] => {
      const type = textOf(member(each.block, 'type')) ?? ''
      return [type, listOf('identifiers', type, each)]
    })
    const [first] = all
    if (first === undefined) return undefined
    return first[0] === '*' ? textAt('*', statement) : object(statement, all)
  }
  const conditions = new Map<string, [string, JsonNode | undefined][]>()
  for (const each of blocks('condition')) {
    const { block } = each
    const operator = textOf(member(block, 'test')) ?? ''
    const entries = conditions.get(operator) ?? []
    entries.push([textOf(member(block, 'variable')) ?? '', listOf('values', 'Condition', each)])
    conditions.set(operator, entries)
  }
  const condition = [...conditions].map(([operator, entries]): [string, JsonNode] => [
    operator,
    object(statement, entries),
  ])
  const conditionElement = isOpen('condition', ['test', 'variable'])
    ? made(statement)
    : condition.length === 0
      ? undefined
      : object(statement, condition)
  return object(statement, [
    ['Sid', textOf(member(statement, 'sid')) ? member(statement, 'sid') : undefined],
    ['Effect', isTrue(member(unknown, 'effect')) ? made(statement) : textAt(effect, statement)],
    ['Action', listOf('actions', 'Action')],
    ['NotAction', listOf('not_actions', 'NotAction')],
    ['Resource', listOf('resources', 'Resource')],
    ['NotResource', listOf('not_resources', 'NotResource')],
    ['Principal', principals('principals')],
    ['NotPrincipal', principals('not_principals')],
    ['Condition', conditionElement],
  ])
}

/**
 * The items of a list that are known, and how many are not: those have an empty place, or none, as Terraform writes sets up to
 * version 1.1 (behaviour TPL-190).
 */
export function knownItems(
  list: JsonNode | undefined,
  mark: JsonNode | undefined,
): { readonly known: readonly JsonNode[]; readonly missing: number } {
  const items = itemsOf(list)
  const marks = itemsOf(mark)
  const areLeftOut = marks.length > items.length
  const known = items.filter(
    (item, index) =>
      (areLeftOut || !isTrue(marks[index])) && !(item.type === 'scalar' && item.value === null),
  )
  return { known, missing: areLeftOut ? marks.filter(isTrue).length : items.length - known.length }
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.type === 'scalar' && node.value === true
}

interface BlockParts {
  readonly block: JsonNode
  readonly marks: JsonNode | undefined
  readonly written: JsonNode | undefined
}

function object(place: JsonNode, entries: readonly (readonly [string, JsonNode | undefined])[]): JsonObject {
  const { start, end } = place
  const members = entries.flatMap(([name, value]): JsonMember[] =>
    value === undefined ? [] : [{ key: textAt(name, value), value }],
  )
  return { type: 'object', members, start, end }
}
