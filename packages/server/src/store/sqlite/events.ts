import type { DatabaseSync } from 'node:sqlite'
import type { EventCursor } from '../cursor.ts'
import { EventChunk, type EventPack } from '../events/chunk.ts'
import { PageSearch } from '../events/page.ts'
import { type Searched, searchStep } from '../events/search.ts'
import {
  type EventPage,
  type EventQuery,
  type EventSearch,
  type EventSearchStep,
  lengthOfEvent,
  type StoredEvent,
} from '../types.ts'
import { EventIndex } from './event-index.ts'
import { EventLog } from './event-log.ts'
import { type SequenceForgetting, sequenceOf } from './positions.ts'

/** The most characters of records in a page of `after`. */
const charactersMost = 16 * 1024 * 1024

/** The most events that one step of a search reads, and the most characters, because an event may be very long. */
const stepMost = { events: 3_200, characters: 8 * 1024 * 1024 } as const

/** When the tail has so many blocks of events, or so many characters, its oldest events become a block. */
const tailMost = { blocks: 4, characters: 16 * 1024 * 1024 } as const

/** The newest events, in memory as they came. */
interface Tail {
  readonly rows: EventChunk[]
  events: number
  characters: number
}

/**
 * The events of all trails. The newest are the tail: they are in the file as they came, and in memory, where look-ups read all of
 * them. Older events are compressed and have an index.
 */
export class EventTable {
  readonly #log: EventLog
  readonly #index: EventIndex
  readonly #blockEvents: number
  /** Undefined until it is needed, and after a rollback. */
  #tail: Tail | undefined
  #added: EventPack[] = []

  constructor(connection: DatabaseSync, blockEvents: number) {
    this.#log = new EventLog(connection)
    this.#index = new EventIndex(connection, this.#log)
    this.#blockEvents = blockEvents
  }

  /** Adds events. `write` writes them together; every other method here calls it. */
  add(packs: readonly EventPack[]): undefined {
    for (const pack of packs) this.#added.push(pack)
  }

  /** Writes what was added. Must be called before a transaction ends. */
  write(): void {
    if (this.#added.length === 0) return
    const added = this.#added
    this.#added = []
    for (const pack of added) {
      const sequences = this.#log.append(pack)
      if (this.#tail) grow(this.#tail, new EventChunk(sequences, pack.text, pack))
    }
  }

  /** Returns a page of an account's events, newest first. */
  lookUp(query: EventQuery, after: EventCursor | undefined): EventPage {
    const page = new PageSearch(query, after)
    for (const row of this.#loadedTail().rows.toReversed()) page.offer(row)
    return page.page(this.#index.search(page))
  }

  /** One step of a search for texts, newest first. */
  search(search: EventSearch): EventSearchStep {
    this.write()
    const before = search.before === undefined ? this.#log.last + 1 : sequenceOf(search.before)
    return searchStep(search, this.#searched(before), stepMost)
  }

  /**
   * Returns up to `limit` events of all accounts after a sequence number: fewer if they are long, but one if there is
   * one.
   */
  after(
    sequence: number,
    limit: number,
    only?: SequenceForgetting,
  ): { readonly events: readonly StoredEvent[]; readonly sequence: number } {
    this.write()
    const events: StoredEvent[] = []
    let last = sequence
    let characters = 0
    let seen = 0
    for (const chunk of this.#log.after(sequence))
      for (const [place, next] of chunk.sequences.entries()) {
        if (next <= sequence) continue
        if (only !== undefined && only.before === Number.NEGATIVE_INFINITY && next > only.upTo)
          return { events, sequence: last }
        const event = chunk.event(place)
        if (!event) continue
        last = next
        seen++
        if (only === undefined || event.time < only.before || next <= only.upTo) events.push(event)
        characters += lengthOfEvent(event)
        if (seen === limit || characters >= charactersMost) return { events, sequence: last }
      }
    return { events, sequence: last }
  }

  /** Returns the sequence number of the newest event. */
  last(): number {
    this.write()
    return this.#log.last
  }

  /** Deletes some of the events to be forgotten, and returns whether others are left. */
  forget(forgetting: SequenceForgetting): { readonly forgotten: number; readonly more: boolean } {
    this.write()
    const block = this.#index.forgettable(forgetting)
    if (block) return { forgotten: this.#index.forget(block, forgetting), more: true }
    if (!this.#log.isForgettable(this.#index.last, forgetting)) return { forgotten: 0, more: false }
    return { forgotten: this.seal(forgetting), more: true }
  }

  /**
   * Returns the sequence number up to which events must be deleted so that the rest fits into a number of bytes, or 0.
   */
  beyond(bytes: number): number {
    this.write()
    return this.#index.beyond(bytes)
  }

  /** Does what the first look-up needs: reads the tail, and looks something up, so that the code is warm. */
  prepareLookUps(): void {
    const newest = this.#loadedTail().rows.at(-1)?.heads().at(-1)
    if (newest !== undefined) this.lookUp({ account: newest[1], region: newest[2], limit: 50 }, undefined)
  }

  /** Returns whether the tail has too many events. */
  get isFull(): boolean {
    if (!this.#tail && this.#log.last - this.#index.last < tailMost.blocks * this.#blockEvents) return false
    const { events, characters } = this.#loadedTail()
    return events >= tailMost.blocks * this.#blockEvents || characters > tailMost.characters
  }

  /** Makes a block of the oldest events of the tail, without events to be forgotten. Returns how many these were. */
  seal(forgetting?: SequenceForgetting): number {
    const tail = this.#loadedTail()
    const rows: EventChunk[] = []
    let [events, characters] = [0, 0]
    for (const row of tail.rows) {
      const isNext = row.first - 1 === (rows.at(-1)?.last ?? row.first - 1) // the restore of a snapshot leaves a gap
      if (!isNext || events >= this.#blockEvents || characters > tailMost.characters) break
      rows.push(row)
      events += row.count
      characters += row.text.length
    }
    if (events === 0) return 0
    tail.rows.splice(0, rows.length)
    tail.events -= events
    tail.characters -= characters
    return this.#index.seal({ first: rows[0]!.first, last: rows.at(-1)!.last }, rows, forgetting) // there is one
  }

  /** Empties everything. */
  clear(): void {
    this.#added = []
    this.#log.clear()
    this.#index.clear()
    this.#tail = undefined
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#added = []
    this.#log.forgetRemembered()
    this.#tail = undefined
  }

  *#searched(before: number): Generator<Searched, undefined> {
    for (const chunk of this.#log.before(before, this.#index.last)) yield { chunk, before, placeOf: String }
  }

  #loadedTail(): Tail {
    this.write()
    if (this.#tail) return this.#tail
    const tail = { rows: [], events: 0, characters: 0 }
    for (const row of this.#log.between(this.#index.last)) grow(tail, row)
    this.#tail = tail
    return tail
  }
}

function grow(tail: Tail, row: EventChunk): void {
  tail.rows.push(row)
  tail.events += row.count
  tail.characters += row.text.length
}
