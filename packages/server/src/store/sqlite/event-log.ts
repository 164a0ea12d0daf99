import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Part } from '../events/block.ts'
import { EventChunk, type EventPack, sealed } from '../events/chunk.ts'
import type { SequenceForgetting } from './positions.ts'

/** From this size on, in bytes, compression pays: events that are added are waited for. */
const pressedBytes = { whenAdded: 8 * 1024, whenPut: 1024 } as const

/** The most chunks of blocks that stay decompressed: those of one block. */
const openMost = 24

/** A row of the log: its last sequence number, and what its events take. */
export interface LogRow {
  readonly last: number
  readonly bytes: number
}

/** The contents of a range of the log. `events` are those that are not deleted. */
export interface RangeSize {
  readonly events: number
  readonly bytes: number
  readonly first: number
  readonly from: number
  readonly to: number
}

interface Range {
  readonly first: number
  readonly last: number
}

/**
 * The events with their whole records. The newest are as they came: a row holds consecutive events. The older ones are in
 * blocks, whose rows hold them in another order. A row's key is the greatest sequence number of its events. No number is used
 * twice: if events are deleted, the highest number is recorded.
 */
export class EventLog {
  readonly #newest: StatementSync
  readonly #note: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #forgettable: StatementSync
  readonly #at: StatementSync
  readonly #between: StatementSync
  readonly #newestFirst: StatementSync
  readonly #blocksAfter: StatementSync
  readonly #blocksBefore: StatementSync
  readonly #rows: StatementSync
  readonly #size: StatementSync
  #last: number | undefined
  /** Chunks of blocks that were read last. */
  readonly #open = new Map<number, EventChunk>()
  /** The block that was read last, in the order of its events. */
  #whole: EventChunk | undefined

  constructor(connection: DatabaseSync) {
    const whole = 'SELECT last, first, to_time, gaps, events FROM event_chunks'
    const between = 'FROM event_chunks WHERE last > ? AND last <= ?'
    this.#newest = connection.prepare(
      'SELECT max(noted, (SELECT coalesce(max(last), 0) FROM event_chunks)) AS last FROM event_sequence',
    )
    this.#note = connection.prepare('UPDATE event_sequence SET noted = ?')
    this.#insert = connection.prepare(
      'INSERT INTO event_chunks (last, first, kept, from_time, to_time, gaps, events) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#delete = connection.prepare(`DELETE ${between}`)
    this.#forgettable = connection.prepare(`${whole} WHERE last > ? AND (from_time < ? OR first <= ?)`)
    this.#at = connection.prepare(`${whole} WHERE last = ?`)
    this.#between = connection.prepare(`${whole} WHERE last > ? AND last <= ? ORDER BY last`)
    this.#newestFirst = connection.prepare(`${whole} WHERE last > ? AND first < ? ORDER BY last DESC`)
    const blocks = 'SELECT first, last FROM event_blocks'
    this.#blocksAfter = connection.prepare(`${blocks} WHERE last > ? ORDER BY last`)
    this.#blocksBefore = connection.prepare(`${blocks} WHERE first < ? ORDER BY last DESC`)
    this.#rows = connection.prepare(`SELECT last, length(events) AS bytes ${between} ORDER BY last DESC`)
    this.#size = connection.prepare(
      `SELECT coalesce(sum(kept), 0) AS events, coalesce(sum(length(events)), 0) AS bytes,
        min(first) AS first, min(from_time) AS "from", max(to_time) AS "to" ${between}`,
    )
  }

  /** Returns the highest sequence number that was ever used. */
  get last(): number {
    this.#last ??= Number(this.#newest.get()?.last)
    return this.#last
  }

  /** Adds a pack as it came. Returns the sequence number of its last event. */
  append({ count, from, to, text }: EventPack): number {
    const last = this.last + count
    this.#insert.run(last, this.last + 1, count, from, to, null, sealed(text, pressedBytes.whenAdded))
    this.#last = last
    return last
  }

  /** Writes a chunk of a block. Returns its key. */
  put({ sequences, heads, text }: Part): number {
    const [first, last] = [sequences[0]!, sequences.at(-1)!] // no part is empty
    const gaps = sequences.slice(1).map((sequence, place) => sequence - sequences[place]!)
    this.#write({ first, last }, heads, gaps.join(), text)
    return last
  }

  /** Returns the chunk of a block that has a key. */
  at(last: number): EventChunk {
    const open = this.#open.get(last)
    if (open) return open
    const chunk = chunkOf(this.#at.get(last)!) // the index names the chunks that there are
    if (this.#open.size === openMost) this.#open.delete(this.#open.keys().next().value!) // there is one
    this.#open.set(last, chunk)
    return chunk
  }

  /** Returns the rows after a sequence number, up to another. */
  *between(after: number, to: number): Generator<EventChunk, undefined> {
    for (const row of this.#between.iterate(after, to)) yield chunkOf(row)
  }

  /** Returns the events after a sequence number, oldest first. The first chunk may begin before it. */
  *after(sequence: number): Generator<EventChunk, undefined> {
    let end = sequence
    for (const block of this.#blocksAfter.iterate(sequence)) {
      const chunk = this.#wholeOf(block as unknown as Range) // INTEGER NOT NULL
      end = chunk.last
      yield chunk
    }
    yield* this.between(end, Number.MAX_SAFE_INTEGER)
  }

  /** Returns the chunks with events before a sequence number, newest first. */
  *before(sequence: number, sealedTo: number): Generator<EventChunk, undefined> {
    for (const row of this.#newestFirst.iterate(sealedTo, sequence)) yield chunkOf(row)
    for (const block of this.#blocksBefore.iterate(sequence)) yield this.#wholeOf(block as unknown as Range) // as above
  }

  /** Returns the rows after a sequence number, newest first. */
  rows(after: number): readonly LogRow[] {
    return this.#rows.all(after, Number.MAX_SAFE_INTEGER) as unknown as LogRow[] // the columns selected, all NOT NULL
  }

  /** Returns what the rows after a sequence number, up to another, hold. */
  size(after: number, to: number): RangeSize {
    return this.#size.get(after, to) as unknown as RangeSize // numbers; no times if there are no rows
  }

  /** Deletes the rows after a sequence number, up to another. */
  drop(after: number, to: number): void {
    this.#note.run(this.last)
    this.#delete.run(after, to)
    this.forgetRemembered()
  }

  /** Deletes the events to be forgotten of those after a sequence number, which are in no block. */
  forget(after: number, { before, upTo }: SequenceForgetting): void {
    for (const row of this.#forgettable.all(after, before, upTo)) {
      const chunk = chunkOf(row)
      const lines = chunk.lines(([time], place) => time < before || chunk.sequence(place) <= upTo)
      const left = EventChunk.of(chunk.last, lines)
      const heads = left.heads()
      this.drop(chunk.last - 1, chunk.last)
      if (heads.length > 0) this.#write(chunk, heads, null, left.text)
    }
  }

  /** Empties the log. Sequence numbers continue, so that followers miss no later event. */
  clear(): void {
    this.drop(0, this.last)
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#last = undefined
    this.#open.clear()
    this.#whole = undefined
  }

  /** Writes a row whose events have these heads. @param gaps of a block's sequence numbers; null if they are consecutive */
  #write({ first, last }: Range, heads: Part['heads'], gaps: string | null, text: string): void {
    const times = heads.map(([time]) => time)
    const [from, to] = [Math.min(...times), Math.max(...times)]
    this.#insert.run(last, first, heads.length, from, to, gaps, sealed(text, pressedBytes.whenPut))
  }

  /** Returns the events of a block in their order. */
  #wholeOf({ first, last }: Range): EventChunk {
    if (this.#whole?.last === last) return this.#whole
    const lines = Array.from({ length: last - first + 1 }, () => ({ head: '', json: '' }))
    for (const chunk of this.between(first - 1, last))
      for (let place = 0; place < chunk.count; place++)
        lines[chunk.sequence(place) - first] = { head: chunk.line(place), json: chunk.json(place) }
    this.#whole = EventChunk.of(last, lines)
    return this.#whole
  }
}

function chunkOf({ first, last, to_time, gaps, events }: Record<string, unknown>): EventChunk {
  const [start, end] = [Number(first), Number(last)]
  const known = { count: end - start + 1, to: Number(to_time) }
  const bytes = events as Uint8Array // BLOB in a STRICT table
  if (typeof gaps !== 'string') return EventChunk.open(end, bytes, known)
  const sequences = [start]
  for (const gap of gaps === '' ? [] : gaps.split(',')) sequences.push(sequences.at(-1)! + Number(gap)) // there is one
  return EventChunk.open(end, bytes, { to: known.to, sequences })
}
