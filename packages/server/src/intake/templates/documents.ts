import type { JsonNode, JsonObject } from '@omen-iam/policy'
import { embeddedJson, itemsOf, member, oneOrMany } from '../../sources/index.ts'

/** Returns why a value, or a part of it, is unknown; undefined if all of it is known. */
export type UnknownIn = (node: JsonNode | undefined) => string | undefined

/** A policy document without its unknown parts. */
export interface KnownDocument {
  /** JSON. */
  readonly document: string
  /** The nodes of its statements, in the document's order. */
  readonly statements: readonly JsonNode[]
  /** The parts that were left out because they are unknown, and what they depend on. */
  readonly left: readonly { readonly node: JsonNode; readonly reason: string; readonly isDeny: boolean }[]
}

/** Elements of a statement that match more the longer they are, so that one of their values can be left out. */
const lists: readonly string[] = ['Action', 'Resource', 'Principal']

/**
 * The document in a value, without the unknown parts of an Allow: it then allows less, never more. If it need not be
 * exact, a Deny that is unknown is left out. A string says why the document cannot be taken: nothing of it is known, or,
 * if it must be exact, a part of a Deny is unknown. Whom a trust policy names counts though its conditions are unknown, if it
 * need not be exact (behaviour TPL-149).
 */
export function knownDocument(
  node: JsonNode | undefined,
  unknownIn: UnknownIn,
  text: string,
  isExact = true,
  isTrust = false,
): KnownDocument | string {
  if (node === undefined) return 'it has no document'
  if (node.type === 'string') {
    const reason = unknownIn(node)
    if (reason !== undefined) return `the document depends on ${reason}`
    const inner = embeddedJson(node, text)
    return inner === undefined
      ? 'the document is no JSON'
      : knownDocument(inner, () => undefined, text, isExact, isTrust)
  }
  if (node.type !== 'object') return 'the document is no object'
  const written = member(node, 'Statement')
  if (written?.type === 'string') return `the statements depend on ${unknownIn(written) ?? 'a text'}`
  const statements: JsonNode[] = []
  const kept: JsonNode[] = []
  const left: { node: JsonNode; reason: string; isDeny: boolean }[] = []
  for (const statement of oneOrMany(written)) {
    const reason = unknownIn(statement)
    if (reason === undefined) {
      statements.push(statement)
      kept.push(statement)
      continue
    }
    const effect = member(statement, 'Effect')
    const isAllow = effect?.type === 'string' && effect.value === 'Allow'
    left.push({ node: statement, reason, isDeny: effect?.type === 'string' && effect.value === 'Deny' })
    if (statement.type !== 'object' || !isAllow) {
      if (!isExact) continue
      return statement.type === 'object' ? `a Deny depends on ${reason}` : `a statement depends on ${reason}`
    }
    const part = withoutUnknown(statement, unknownIn, isTrust && !isExact)
    if (part === undefined) continue
    statements.push(statement)
    kept.push(part)
  }
  const other = node.members.find(
    ({ key, value }) => key.value !== 'Statement' && unknownIn(value) !== undefined,
  )
  if (other !== undefined) return `${other.key.value} depends on ${unknownIn(other.value)}`
  const [hidden] = left.filter(({ isDeny }) => !isDeny || isExact)
  if (kept.length === 0 && hidden !== undefined) return `all of its statements depend on ${hidden.reason}`
  const isList = written?.type === 'list'
  const value = Object.fromEntries(
    node.members.map(({ key, value: each }) => [
      key.value,
      key.value === 'Statement'
        ? isList || kept[0] === undefined
          ? kept.map(plainOf)
          : plainOf(kept[0])
        : plainOf(each),
    ]),
  )
  return { document: JSON.stringify(value), statements, left }
}

/**
 * An Allow without its unknown values; undefined if it would allow more without them, or nothing. Without its conditions
 * it is taken only if it is `loose`.
 */
function withoutUnknown(statement: JsonObject, unknownIn: UnknownIn, loose: boolean): JsonObject | undefined {
  const isOpen = loose && unknownIn(member(statement, 'Condition')) !== undefined
  const members = statement.members.flatMap(({ key, value }) => {
    if (unknownIn(value) === undefined) return [{ key, value }]
    const part = lists.includes(key.value) ? withoutUnknownValues(value, unknownIn) : undefined
    return part === undefined ? [] : [{ key, value: part }]
  })
  const wanted = statement.members.length - (isOpen ? 1 : 0)
  return members.length === wanted ? { ...statement, members } : undefined
}

function withoutUnknownValues(node: JsonNode, unknownIn: UnknownIn): JsonNode | undefined {
  if (node.type === 'list') {
    const items = itemsOf(node).filter((item) => unknownIn(item) === undefined)
    return items.length === 0 ? undefined : { ...node, items }
  }
  if (node.type !== 'object') return undefined
  // Principal: each type has values of its own
  const members = node.members.flatMap(({ key, value }) => {
    const part = unknownIn(value) === undefined ? value : withoutUnknownValues(value, unknownIn)
    return part === undefined ? [] : [{ key, value: part }]
  })
  return members.length === 0 ? undefined : { ...node, members }
}

/** The plain value of a tree; of repeated names the last counts. */
export function plainOf(node: JsonNode): unknown {
  switch (node.type) {
    case 'list':
      return node.items.map(plainOf)
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plainOf(value)]))
    default:
      return node.value
  }
}
