import type { EventQuery } from '../types.ts'
import { type EventHead, type HeadOrHole, hole } from './event-pack.ts'
import { ascending, encodePostings, hashOf } from './postings.ts'

/** The attributes that look-ups search, by their numbers in the file. */
export const columns = {
  time: 0,
  account: 1,
  region: 2,
  EventId: 3,
  EventName: 4,
  EventSource: 5,
  Username: 6,
  AccessKeyId: 7,
  ReadOnly: 8,
  ResourceType: 9,
  ResourceName: 10,
} as const satisfies Record<'time' | 'account' | 'region' | AttributeKey, number>

type AttributeKey = NonNullable<EventQuery['attribute']>['key']

export type Column = (typeof columns)[keyof typeof columns]

/** The columns beside the time. */
export type ValueColumn = Exclude<Column, 0>

export const valueColumns = Object.values(columns).filter((column) => column !== columns.time)

/** Consecutive events in the form that look-ups search. An event's position counts from the first. */
export interface EventSpan {
  /** The sequence number of the first event. */
  readonly first: number
  /** Returns the positions, ascending, of the events whose column holds a value with this hash. */
  positions(column: ValueColumn, hash: number): ArrayLike<number>
  times(): ArrayLike<number>
}

/** The columns of a span in memory, to which events are added one by one. Values are stored as hashes. */
export class EventColumns implements EventSpan {
  readonly first: number
  #count = 0
  #events = 0
  #fromTime = Number.POSITIVE_INFINITY
  #toTime = Number.NEGATIVE_INFINITY
  #times: Float64Array
  readonly #entries: ReadonlyMap<ValueColumn, Entries>

  /** The number of events that space is reserved for. More may be added. */
  constructor(first: number, room: number) {
    this.first = first
    this.#times = new Float64Array(room)
    this.#entries = new Map(valueColumns.map((column) => [column, new Entries(room)]))
  }

  /** The number of positions, holes included. */
  get count(): number {
    return this.#count
  }

  get last(): number {
    return this.first + this.#count - 1
  }

  /** The number of events. */
  get events(): number {
    return this.#events
  }

  get fromTime(): number {
    return this.#fromTime
  }

  get toTime(): number {
    return this.#toTime
  }

  add(head: HeadOrHole): void {
    if (head === hole) {
      this.open(undefined)
      return
    }
    const position = this.open(head[0])
    const [, , region, id, name, source, username, accessKeyId, , , resources] = head
    this.put(columns.account, position, hashOf(accountTerm(head)))
    this.put(columns.region, position, hashOf(region))
    this.put(columns.EventId, position, hashOf(id))
    this.put(columns.EventName, position, hashOf(name))
    this.put(columns.EventSource, position, hashOf(source))
    if (username !== null) this.put(columns.Username, position, hashOf(username))
    if (accessKeyId !== null) this.put(columns.AccessKeyId, position, hashOf(accessKeyId))
    this.put(columns.ReadOnly, position, hashOf(readOnlyTerm(head)))
    for (let at = 0; at < resources.length; at += 2) {
      this.put(columns.ResourceType, position, hashOf(resources[at]!))
      this.put(columns.ResourceName, position, hashOf(resources[at + 1]!))
    }
  }

  /** Adds an event without values, or a hole if it has no time. Returns its position. */
  open(time: number | undefined): number {
    const position = this.#count++
    if (position === this.#times.length) this.#times = grown(this.#times, new Float64Array(2 * position))
    if (time === undefined) return position
    this.#events++
    this.#times[position] = time
    this.#fromTime = Math.min(this.#fromTime, time)
    this.#toTime = Math.max(this.#toTime, time)
    return position
  }

  /** Adds the hash of a value to the newest event. */
  put(column: ValueColumn, position: number, hash: number): void {
    this.#entries.get(column)?.add(position, hash)
  }

  positions(column: ValueColumn, hash: number): ArrayLike<number> {
    return this.#entries.get(column)?.positions(hash) ?? []
  }

  times(): Float64Array {
    return this.#times.subarray(0, this.#count)
  }

  /** Returns a column's postings in the form of a block. */
  postings(column: ValueColumn): Uint8Array {
    return this.#entries.get(column)?.postings() ?? encodePostings(new Float64Array())
  }
}

/** The hashes of one column in the order of their events. An event may have several or none. */
class Entries {
  #length = 0
  #hashes: Uint32Array
  #positions: Uint16Array

  constructor(room: number) {
    this.#hashes = new Uint32Array(room)
    this.#positions = new Uint16Array(room)
  }

  add(position: number, hash: number): void {
    const at = this.#length++
    if (at === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Uint32Array(2 * at))
      this.#positions = grown(this.#positions, new Uint16Array(2 * at))
    }
    this.#hashes[at] = hash
    this.#positions[at] = position
  }

  positions(hash: number): number[] {
    const found: number[] = []
    for (let at = this.#hashes.indexOf(hash); at >= 0; at = this.#hashes.indexOf(hash, at + 1)) {
      if (at >= this.#length) break
      const position = this.#positions[at]!
      // Two resources of one type count once for an event.
      if (position !== found.at(-1)) found.push(position)
    }
    return found
  }

  postings(): Uint8Array {
    const entries = new Float64Array(this.#length)
    for (let at = 0; at < entries.length; at++) {
      entries[at] = ascending(this.#hashes[at]!, this.#positions[at]!)
    }
    return encodePostings(entries)
  }
}

/** Returns what the column of accounts holds for an event. */
export function accountTerm(head: EventHead): string {
  return head[14] === 1 ? ofData(head[1]) : head[1]
}

/** Returns what the column of reads holds for an event. */
export function readOnlyTerm(head: EventHead): string {
  return head[8] === 1 ? 'true' : 'false'
}

function grown<A extends Float64Array | Uint32Array | Uint16Array>(from: A, to: A): A {
  to.set(from)
  return to
}

/** Data events of an account have a key of their own, so that no look-up has to skip them. */
function ofData(account: string): string {
  return `${account} data`
}

/** A term of a query: a value's hash in a column. */
export type Sought = readonly [column: ValueColumn, hash: number]

/** Returns the terms of a query, the most selective first. */
export function soughtBy({ account, region, attribute, data }: EventQuery): Sought[] {
  const sought: Sought[] = [[columns.account, hashOf(data === true ? ofData(account) : account)]]
  if (region !== undefined) sought.push([columns.region, hashOf(region)])
  if (attribute) sought.unshift([columns[attribute.key], hashOf(attribute.value)])
  return sought
}
