import { type EventCursor, formatCursor, isNewer } from '../cursor.ts'
import type { EventPage, EventQuery } from '../types.ts'
import type { EventChunk } from './chunk.ts'
import { matches, termsSought } from './terms.ts'

interface Found extends EventCursor {
  readonly chunk: EventChunk
  readonly place: number
}

/** A page that is being made: the newest of all offered events that match a query. */
export class PageSearch {
  readonly #query: EventQuery
  /** The contents of each match's head, if anything is known. */
  readonly #needle: string
  /** One more than a page, to know whether another follows. Newest first. */
  readonly #found: Found[] = []
  readonly terms: readonly number[]
  readonly from: number
  /** The end of the previous page, or the end of the requested time. */
  readonly before: EventCursor

  constructor(query: EventQuery, after: EventCursor | undefined) {
    this.#query = query
    const { attribute, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query
    this.#needle =
      attribute === undefined || attribute.key === 'ReadOnly' ? '' : JSON.stringify(attribute.value)
    this.terms = termsSought(query)
    this.from = from
    this.before = after ?? { time: to, sequence: Number.POSITIVE_INFINITY }
  }

  /** How many events were found, at most one more than a page. */
  get size(): number {
    return this.#found.length
  }

  /** Returns whether an event of a place is too old to be on the page. */
  isTooOld(place: EventCursor): boolean {
    const floor = this.#found[this.#query.limit]
    return floor !== undefined && !isNewer(place, floor)
  }

  /** Returns whether a place is on this page or after it. */
  isAfter(place: EventCursor): boolean {
    return isNewer(this.before, place)
  }

  /** Adds the events of a chunk that match, where they are new enough. Quick if newer chunks come first. */
  offer(chunk: EventChunk): void {
    if (this.isTooOld({ time: chunk.to, sequence: chunk.last })) return
    if (!this.isAfter({ time: chunk.from, sequence: chunk.first })) return
    for (let place = chunk.count - 1; place >= 0; place--) {
      if (!chunk.mayHave(place, this.#needle)) continue
      const head = chunk.head(place)
      if (head === undefined || head[0] < this.from || !matches(head, this.#query)) continue
      const found = { time: head[0], sequence: chunk.first + place, chunk, place }
      if (isNewer(this.before, found) && !this.isTooOld(found)) this.#put(found)
    }
  }

  /** Returns the page. A search that has ended early says before which place it has not looked. */
  page(end?: EventCursor): EventPage {
    const all = end === undefined ? this.#found : this.#found.filter((found) => isNewer(found, end))
    const found = all.slice(0, this.#query.limit)
    const events = found.map(({ chunk, place }) => chunk.event(place)!) // it has a head
    if (all.length > found.length) return { events, next: formatCursor(found.at(-1)!) } // the limit is at least 1
    return { events, ...(end && { next: formatCursor(end) }) }
  }

  #put(event: Found): void {
    const found = this.#found
    let at = found.length
    while (at > 0 && isNewer(event, found[at - 1]!)) at--
    if (found[at - 1]?.sequence === event.sequence) return // of a row that was merged while the page was made
    found.splice(at, 0, event)
    if (found.length > this.#query.limit + 1) found.pop()
  }
}
