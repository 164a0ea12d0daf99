import type { DatabaseSync } from 'node:sqlite'
import { type EventCursor, formatCursor } from '../cursor.ts'
import {
  type EventPage,
  type EventQuery,
  type EventSearch,
  type EventSearchStep,
  lengthOfEvent,
  type StoredEvent,
} from '../types.ts'
import { type BlockRow, EventBlocks } from './event-blocks.ts'
import type { EventChunk } from './event-chunk.ts'
import { EventColumns, soughtBy } from './event-columns.ts'
import { type ChunkSize, EventLog } from './event-log.ts'
import { matches, offerFound, type Search } from './event-match.ts'
import { type EventPack, hole, readHeads } from './event-pack.ts'
import { searchTexts } from './event-search.ts'
import { EventTail } from './event-tail.ts'
import { NewestEvents } from './newest-events.ts'
import type { SequenceForgetting } from './positions.ts'

/**
 * A page ends after this many events whose values only share a hash with the one searched for. Values that are made to
 * collide cause shorter pages, not long waits.
 */
const searchesMost = 4

/** The most characters of records in a page of `after`. */
const charactersMost = 16 * 1024 * 1024

/**
 * The events of all trails. The log holds them whole, in the stored order; the blocks and the tail are the index to
 * the log.
 */
export class EventTable {
  readonly #log: EventLog
  readonly #blocks: EventBlocks
  readonly #blockEvents: number
  /** Undefined until it is needed, and after a rollback. */
  #tail: EventTail | undefined
  #added: EventPack[] = []

  constructor(connection: DatabaseSync, blockEvents: number) {
    this.#log = new EventLog(connection)
    this.#blocks = new EventBlocks(connection)
    this.#blockEvents = blockEvents
    if (this.#log.last === this.#blocks.last) this.#tail = this.#emptyTail()
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
      const first = this.#log.last + 1
      this.#log.append(pack)
      if (!this.#tail) continue
      this.#tail.goOnAt(first)
      this.#tail.add(readHeads(pack.heads))
      if (this.#tail.isFull) this.#divide(this.#tail)
    }
    this.#log.write()
  }

  /** Returns a page of an account's events, newest first. */
  lookUp(query: EventQuery, after: EventCursor | undefined): EventPage {
    this.write()
    const wanted = query.limit + 1 // one more than a page, to know whether another follows
    const sought = soughtBy(query)
    const from = query.from ?? Number.NEGATIVE_INFINITY
    let before = after ?? { time: query.to ?? Number.POSITIVE_INFINITY, sequence: Number.POSITIVE_INFINITY }
    const found: StoredEvent[] = []
    const ends: EventCursor[] = []
    const read = new ChunkReader(this.#log)
    for (let searches = 0; searches < searchesMost; searches++) {
      const limit = wanted - found.length
      const candidates = this.#search({ sought, from, before }, limit)
      for (const cursor of candidates) {
        const event = read.event(cursor.sequence)
        if (!event || !matches(event, query)) continue
        found.push(event)
        ends.push(cursor)
      }
      if (candidates.length < limit) return { events: found }
      if (found.length === wanted) break
      before = candidates.at(-1)!
    }
    const events = found.slice(0, query.limit)
    const end = found.length === wanted ? ends[query.limit - 1]! : before
    return { events, next: formatCursor(end) }
  }

  /** One step of a search for texts. */
  search(search: EventSearch): EventSearchStep {
    this.write()
    return searchTexts(search, this.#log)
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
    for (const chunk of this.#log.after(sequence)) {
      for (let next = Math.max(chunk.first, sequence + 1); next <= chunk.last; next++) {
        if (only !== undefined && only.before === Number.NEGATIVE_INFINITY && next > only.upTo)
          return { events, sequence: last }
        const event = chunk.event(next)
        if (!event) continue
        last = next
        seen++
        if (only === undefined || event.time < only.before || next <= only.upTo) events.push(event)
        characters += lengthOfEvent(event)
        if (seen === limit || characters >= charactersMost) return { events, sequence: last }
      }
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
    this.#indexForgettable(forgetting)
    const block = this.#blocks.forgettable(forgetting)
    if (!block) return { forgotten: 0, more: false }
    const { first, last, events, toTime } = block
    const isOver = toTime < forgetting.before || last <= forgetting.upTo
    const kept = isOver ? undefined : this.#keepOf(block, forgetting)
    if (kept === undefined || kept.events === 0) {
      this.#log.delete(first - 1, last)
      this.#blocks.delete(block)
    } else this.#put(kept)
    const more = this.#blocks.forgettable(forgetting) !== undefined
    return { forgotten: events - (kept?.events ?? 0), more }
  }

  /**
   * Returns the sequence number up to which events must be deleted so that the rest fits into a number of bytes, or 0.
   */
  beyond(bytes: number): number {
    this.write()
    let room = bytes
    const spend = (sizes: readonly ChunkSize[], weight: number) =>
      sizes.find((size) => {
        room -= size.bytes * weight
        return room < 0
      })
    const over = spend(this.#log.sizes(this.#blocks.last, this.#log.last), 1)
    if (over !== undefined) return over.last
    for (const block of this.#blocks.newestFirst()) {
      if (block.bytes <= room) {
        room -= block.bytes
        continue
      }
      // the index shrinks with the chunks
      const { first, last } = block
      const sizes = this.#log.sizes(first - 1, last)
      const weight = block.bytes / sizes.reduce((sum, size) => sum + size.bytes, 0)
      return spend(sizes, weight)?.last ?? first - 1
    }
    return 0
  }

  /**
   * Does what the first look-up needs: reads the newest events, which are in no block, and looks something up, so that
   * the code is warm and the newest block is in memory.
   */
  prepareLookUps(): void {
    this.#loadedTail()
    const [newest] = this.after(this.#log.last - 1, 1).events
    if (newest !== undefined)
      this.lookUp({ account: newest.account, region: newest.region, limit: 50 }, undefined)
  }

  /** Returns enough new events for a block, if there are any. */
  get unindexed(): EventColumns | undefined {
    if (!this.#tail && this.#log.last - this.#blocks.last < this.#blockEvents) return undefined
    return this.#loadedTail().whole
  }

  /** Writes what `unindexed` returned. */
  index(block: EventColumns): void {
    this.#put(block)
  }

  /** Must be called when the block is committed. */
  indexed(): void {
    this.#loadedTail().dropOldest()
  }

  /** Empties everything. */
  clear(): void {
    this.#added = []
    this.#log.clear()
    this.#blocks.clear()
    this.#tail = this.#emptyTail()
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#added = []
    this.#log.forgetRemembered()
    this.#tail = undefined
  }

  /** Returns the newest events that may match: their values have the hashes. */
  #search(search: Search, limit: number): readonly EventCursor[] {
    const newest = new NewestEvents(limit)
    for (const span of this.#loadedTail().spans) offerFound(span, search, newest)
    for (const block of this.#blocks.within(search.from, search.before.time)) {
      if (newest.isTooOld(block.toTime)) break
      offerFound(this.#blocks.span(block), search, newest)
    }
    return newest.events
  }

  #loadedTail(): EventTail {
    if (this.#tail) return this.#tail
    // The log must not join what is divided here.
    this.#log.begin()
    let tail: EventTail | undefined
    for (const chunk of this.#log.after(this.#blocks.last)) {
      tail ??= new EventTail(chunk.first, this.#blockEvents)
      tail.goOnAt(chunk.first)
      tail.add(chunk.heads)
      if (tail.isFull) tail.divide()
    }
    this.#tail = tail ?? this.#emptyTail()
    return this.#tail
  }

  #emptyTail(): EventTail {
    return new EventTail(this.#log.last + 1, this.#blockEvents)
  }

  /** Blocks end where chunks end, so that an old block is deleted with its chunks. */
  #divide(tail: EventTail): void {
    this.#log.write()
    this.#log.begin()
    tail.divide()
  }

  /** If some events of the tail are to be forgotten, the whole tail becomes blocks. */
  #indexForgettable({ before, upTo }: SequenceForgetting): void {
    const tail = this.#loadedTail()
    if (!tail.spans.some(({ first, events, fromTime }) => events > 0 && (fromTime < before || first <= upTo)))
      return
    this.#divide(tail)
    for (let whole = tail.whole; whole; whole = tail.whole) {
      this.#put(whole)
      tail.dropOldest()
    }
  }

  #put(block: EventColumns): void {
    this.#blocks.put(block, this.#log.size(block.first - 1, block.last))
  }

  /** Deletes the forgotten events of a block, or makes holes in the log for them, and returns the rest. */
  #keepOf({ first, last }: BlockRow, forgetting: SequenceForgetting): EventColumns {
    const start = Math.max(first, forgetting.upTo + 1)
    const kept = new EventColumns(start, last - start + 1)
    const chunks: EventChunk[] = []
    for (const chunk of this.#log.after(start - 1)) {
      if (chunk.first > last) break
      chunks.push(chunk)
    }
    for (const chunk of chunks) {
      const pack = chunk.without(forgetting)
      const heads = readHeads(pack.heads)
      for (let at = Math.max(0, start - chunk.first); at < heads.length; at++) kept.add(heads[at]!)
      if (heads.some((head, at) => head !== chunk.heads[at] && head === hole)) this.#log.replace(chunk, pack)
    }
    if (start > first) this.#log.delete(first - 1, start - 1)
    return kept
  }
}

/** Reads events of the log; consecutive requests for the same chunk read it once. */
class ChunkReader {
  readonly #log: EventLog
  readonly #chunks: EventChunk[] = []

  constructor(log: EventLog) {
    this.#log = log
  }

  event(sequence: number): StoredEvent | undefined {
    let chunk = this.#chunks.findLast(({ first, last }) => first <= sequence && sequence <= last)
    if (!chunk) {
      chunk = this.#log.holding(sequence)
      if (!chunk) return undefined
      this.#chunks.push(chunk)
      if (this.#chunks.length > 4) this.#chunks.shift()
    }
    return chunk.event(sequence)
  }
}
