import type { JsonNode, JsonObject, JsonString } from '@omen-iam/policy'

/** The member of an object; of several with one name the last, as JSON parsers do. */
export function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? node.members.findLast(({ key }) => key.value === name)?.value : undefined
}

/** The value at a path of names. */
export function at(node: JsonNode | undefined, ...names: readonly string[]): JsonNode | undefined {
  return names.reduce(member, node)
}

/** A row of a table by a name from a file; members that every object has (`constructor`) do not count. */
export function rowOf<T>(table: Readonly<Record<string, T | undefined>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** The text of a string; undefined of anything else. */
export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.type === 'string' ? node.value : undefined
}

/** The items of a list; none of anything else. */
export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'list' ? node.items : []
}

/** A list's items, or the single value at the place of a list. */
export function oneOrMany(node: JsonNode | undefined): readonly JsonNode[] {
  if (node === undefined) return []
  return node.type === 'list' ? node.items : [node]
}

/** The members of an object; none of anything else. */
export function membersOf(node: JsonNode | undefined): JsonObject['members'] {
  return node?.type === 'object' ? node.members : []
}

/** A text in the place of another value. */
export function textAt(value: string, { start, end }: JsonNode): JsonString {
  return { type: 'string', value, start, end }
}

/** Returns whether it is a policy document: a Statement, in which something is allowed or denied. */
export function isPolicyDocument(node: JsonNode | undefined): node is JsonObject {
  const statements = oneOrMany(member(node, 'Statement'))
  return statements.some(
    (each) =>
      each.type === 'object' &&
      each.members.some(
        ({ key }) => key.value === 'Effect' || key.value === 'Action' || key.value === 'NotAction',
      ),
  )
}
