import type { EventCursor } from '../cursor.ts'
import type { EventQuery, StoredEvent } from '../types.ts'
import type { EventSpan, Sought } from './event-columns.ts'
import { isNewer, type NewestEvents } from './newest-events.ts'
import { intersect } from './postings.ts'

/** What a search reads from each span. */
export interface Search {
  readonly sought: readonly Sought[]
  readonly from: number
  /** The end of the previous page, or the end of the requested time. */
  readonly before: EventCursor
}

/** Offers the events of a span whose columns match every term, from a sequence number on. */
export function offerFound(
  span: EventSpan,
  { sought, from, before }: Search,
  newest: NewestEvents,
  start = 0,
): void {
  let positions: ArrayLike<number> | undefined
  for (const [column, hash] of sought) {
    const having = span.positions(column, hash)
    positions = positions ? intersect(positions, having) : having
    if (positions.length === 0) return
  }
  if (!positions) return
  const times = span.times()
  for (let at = positions.length - 1; at >= 0; at--) {
    const position = positions[at]!
    const time = times[position]!
    if (time < from || span.first + position < start || newest.isTooOld(time)) continue
    const event = { time, sequence: span.first + position }
    if (isNewer(before, event)) newest.offer(event)
  }
}

/** Returns whether an event matches the query, times aside. */
export function matches(
  event: StoredEvent,
  { account, region, attribute, data = false }: EventQuery,
): boolean {
  if (event.account !== account || (event.data ?? false) !== data) return false
  if (region !== undefined && event.region !== region) return false
  if (!attribute) return true
  const { key, value } = attribute
  switch (key) {
    case 'EventId':
      return event.id === value
    case 'EventName':
      return event.name === value
    case 'EventSource':
      return event.source === value
    case 'Username':
      return event.username === value
    case 'AccessKeyId':
      return event.accessKeyId === value
    case 'ReadOnly':
      return String(event.readOnly) === value
    case 'ResourceType':
      return event.resources.some(({ type }) => type === value)
    case 'ResourceName':
      return event.resources.some(({ name }) => name === value)
  }
}
