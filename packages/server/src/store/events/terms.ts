import type { EventQuery } from '../types.ts'
import type { EventHead } from './head.ts'

type Key = NonNullable<EventQuery['attribute']>['key'] | 'Region'

/**
 * Returns the terms of events: a number for each value of an account that look-ups search. Different values may have one term;
 * what is found is compared with the query.
 */
export function termsOf(heads: Iterable<EventHead>): Set<number> {
  const terms = new Set<number>()
  for (const head of heads) {
    const owner = ownerOf(head[1], head[14] === 1)
    terms.add(owner)
    for (const [key, values] of columns)
      for (const value of values(head)) if (value !== null) terms.add(termOf(owner, key, value))
  }
  return terms
}

/** Returns the terms that an event must have to match a query. */
export function termsSought({ account, region, attribute, data = false }: EventQuery): number[] {
  const owner = ownerOf(account, data)
  const sought = new Set<number>()
  if (attribute !== undefined) sought.add(termOf(owner, attribute.key, attribute.value))
  if (region !== undefined) sought.add(termOf(owner, 'Region', region))
  return sought.size === 0 ? [owner] : [...sought]
}

/** Returns whether an event matches a query, times aside. */
export function matches(head: EventHead, { account, region, attribute, data = false }: EventQuery): boolean {
  if (head[1] !== account || (head[14] === 1) !== data) return false
  if (region !== undefined && head[2] !== region) return false
  return attribute === undefined || valuesOf[attribute.key](head).includes(attribute.value)
}

/** The values that look-ups search, by their attribute; null for none. */
const valuesOf: Readonly<Record<Key, (head: EventHead) => readonly (string | null)[]>> = {
  Region: (head) => [head[2]],
  EventId: (head) => [head[3]],
  EventName: (head) => [head[4]],
  EventSource: (head) => [head[5]],
  Username: (head) => [head[6]],
  AccessKeyId: (head) => [head[7]],
  ReadOnly: (head) => [head[8] === 1 ? 'true' : 'false'],
  ResourceType: (head) => head[10].filter((_, at) => at % 2 === 0),
  ResourceName: (head) => head[10].filter((_, at) => at % 2 === 1),
}

const columns = Object.entries(valuesOf) as [Key, (typeof valuesOf)[Key]][] // its own members

/** Returns the term of all events of an account. Data events have terms of their own, so that no look-up has to skip them. */
function ownerOf(account: string, isData: boolean): number {
  return hashOf(isData ? `${account} data` : account)
}

function termOf(owner: number, key: Key, value: string): number {
  return hashOf(value, hashOf(key, owner))
}

/** FNV-1a over UTF-16 units, as a signed number of 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash | 0
}
