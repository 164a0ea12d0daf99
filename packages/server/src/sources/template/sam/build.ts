import type { JsonNode, JsonObject } from '@omen-iam/policy'

/** A value to make a tree of; nodes stay as they are. */
export type Plain =
  | string
  | boolean
  | undefined
  | JsonNode
  | readonly Plain[]
  | { readonly [name: string]: Plain }

/** A tree of a plain value, every part at the place of another node. Members that are undefined are left out. */
export function treeAt(value: Plain, place: JsonNode): JsonNode {
  const { start, end } = place
  if (typeof value === 'string') return { type: 'string', value, start, end }
  if (typeof value === 'boolean') return { type: 'scalar', value, raw: String(value), start, end }
  if (value === undefined) return { type: 'scalar', value: null, raw: 'null', start, end }
  if (isNode(value)) return value
  if (isList(value)) return { type: 'list', items: value.map((item) => treeAt(item, place)), start, end }
  return objectAt(value, place)
}

export function objectAt(value: { readonly [name: string]: Plain }, place: JsonNode): JsonObject {
  const { start, end } = place
  const members = Object.entries(value).flatMap(([name, each]) =>
    each === undefined
      ? []
      : [{ key: { type: 'string' as const, value: name, start, end: start }, value: treeAt(each, place) }],
  )
  return { type: 'object', members, start, end }
}

function isNode(value: object): value is JsonNode {
  return 'start' in value && 'end' in value && 'type' in value
}

function isList(value: object): value is readonly Plain[] {
  return Array.isArray(value)
}
