import type { JsonMember, JsonNode, JsonObject } from '@omen-iam/policy'
import { itemsOf, member, oneOrMany, textAt, textOf } from './nodes.ts'
import { unknownPart } from './print.ts'

/**
 * The policy that a data source `aws_iam_policy_document` will make, from its blocks: `json` is absent before the plan
 * is applied if one of its values is unknown. Such values become unknown ones.
 */
export function documentOf(
  values: JsonNode,
  unknown: JsonNode | undefined,
): { readonly document: JsonObject; readonly unknownTexts: ReadonlyMap<JsonNode, string> } {
  const unknownTexts = new Map<JsonNode, string>()
  const statements = itemsOf(member(values, 'statement')).map((statement, index) =>
    statementOf(statement, itemsOf(member(unknown, 'statement'))[index], unknownTexts),
  )
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

function statementOf(
  statement: JsonNode,
  unknown: JsonNode | undefined,
  unknownTexts: Map<JsonNode, string>,
): JsonObject {
  const listOf = (name: string, node = statement, marks = unknown): JsonNode | undefined => {
    const mark = member(marks, name)
    const value = member(node, name)
    const isUnknown = (each: JsonNode | undefined) => each?.type === 'scalar' && each.value === true
    const made = (place: JsonNode) => {
      const text = textAt(unknownPart, place)
      unknownTexts.set(text, 'a value that is known after apply')
      return text
    }
    if (isUnknown(mark)) return made(value ?? node)
    if (value?.type !== 'list') return value?.type === 'string' ? value : undefined
    if (value.items.length === 0) return undefined
    const marksOfItems = itemsOf(mark)
    return {
      ...value,
      items: value.items.map((item, index) => (isUnknown(marksOfItems[index]) ? made(item) : item)),
    }
  }
  const blocks = (name: string) =>
    oneOrMany(member(statement, name)).map((block, index) => ({
      block,
      marks: itemsOf(member(unknown, name))[index],
    }))
  const principals = (name: string): JsonNode | undefined => {
    const all = blocks(name).map(({ block, marks }): [string, JsonNode | undefined] => [
      textOf(member(block, 'type')) ?? '',
      listOf('identifiers', block, marks),
    ])
    const [first] = all
    if (first === undefined) return undefined
    return first[0] === '*' ? textAt('*', statement) : object(statement, all)
  }
  const conditions = new Map<string, [string, JsonNode | undefined][]>()
  for (const { block, marks } of blocks('condition')) {
    const operator = textOf(member(block, 'test')) ?? ''
    const entries = conditions.get(operator) ?? []
    entries.push([textOf(member(block, 'variable')) ?? '', listOf('values', block, marks)])
    conditions.set(operator, entries)
  }
  const condition = [...conditions].map(([operator, entries]): [string, JsonNode] => [
    operator,
    object(statement, entries),
  ])
  return object(statement, [
    ['Sid', textOf(member(statement, 'sid')) ? member(statement, 'sid') : undefined],
    ['Effect', textAt(textOf(member(statement, 'effect')) ?? 'Allow', statement)],
    ['Action', listOf('actions')],
    ['NotAction', listOf('not_actions')],
    ['Resource', listOf('resources')],
    ['NotResource', listOf('not_resources')],
    ['Principal', principals('principals')],
    ['NotPrincipal', principals('not_principals')],
    ['Condition', condition.length === 0 ? undefined : object(statement, condition)],
  ])
}

function object(place: JsonNode, entries: readonly (readonly [string, JsonNode | undefined])[]): JsonObject {
  const { start, end } = place
  const members = entries.flatMap(([name, value]): JsonMember[] =>
    value === undefined ? [] : [{ key: textAt(name, value), value }],
  )
  return { type: 'object', members, start, end }
}
