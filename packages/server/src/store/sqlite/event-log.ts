import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type ChunkLine, EventChunk, type EventPack, sealed, textOf } from '../events/chunk.ts'
import type { SequenceForgetting } from './positions.ts'

/** From this size on, in bytes, compression pays: events that are added are waited for. */
const pressedBytes = { whenAdded: 8 * 1024, whenPut: 1024 } as const

/** A row of the log: its last sequence number, and what its events take. */
export interface LogRow {
  readonly last: number
  readonly bytes: number
}

/** The contents of a range of the log. `events` are those that are not deleted. */
export interface RangeSize {
  readonly events: number
  readonly bytes: number
  readonly from: number
  readonly to: number
}

/**
 * The events with their whole records, in the stored order. A row holds consecutive events; its key is the sequence number of
 * the last one. No number is used twice: if events are deleted, the highest number is recorded.
 */
export class EventLog {
  readonly #connection: DatabaseSync
  readonly #newest: StatementSync
  readonly #note: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #forget: StatementSync
  readonly #cuttable: StatementSync
  readonly #at: StatementSync
  readonly #after: StatementSync
  readonly #before: StatementSync
  readonly #rows: StatementSync
  readonly #size: StatementSync
  #last: number | undefined

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    const whole = 'SELECT last, first, to_time, events FROM event_chunks'
    const between = 'FROM event_chunks WHERE last > ? AND last <= ?'
    this.#newest = connection.prepare(
      'SELECT max(noted, (SELECT coalesce(max(last), 0) FROM event_chunks)) AS last FROM event_sequence',
    )
    this.#note = connection.prepare('UPDATE event_sequence SET noted = ?')
    this.#insert = connection.prepare(
      'INSERT OR REPLACE INTO event_chunks (last, first, kept, from_time, to_time, events) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#delete = connection.prepare('DELETE FROM event_chunks WHERE last = ?')
    this.#forget = connection.prepare(`DELETE ${between} AND (to_time < ? OR last <= ?)`)
    this.#cuttable = connection.prepare(
      `${whole} WHERE last > ? AND last <= ? AND (from_time < ? OR first <= ?)`,
    )
    this.#at = connection.prepare(`${whole} WHERE last = ?`)
    this.#after = connection.prepare(`${whole} WHERE last > ? ORDER BY last`)
    this.#before = connection.prepare(`${whole} WHERE first < ? ORDER BY last DESC`)
    this.#rows = connection.prepare(`SELECT last, length(events) AS bytes ${between} ORDER BY last DESC`)
    this.#size = connection.prepare(
      `SELECT coalesce(sum(kept), 0) AS events, coalesce(sum(length(events)), 0) AS bytes,
        min(from_time) AS "from", max(to_time) AS "to" ${between}`,
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
    this.#insert.run(last, this.last + 1, count, from, to, sealed(text, pressedBytes.whenAdded))
    this.#last = last
    return last
  }

  /** Writes consecutive events as a compressed chunk, unless all are deleted, and returns it. */
  put(first: number, lines: readonly ChunkLine[]): EventChunk | undefined {
    const chunk = new EventChunk(first + lines.length - 1, textOf(lines))
    const times = chunk.heads().map(([time]) => time)
    if (times.length === 0) return undefined
    const bytes = sealed(chunk.text, pressedBytes.whenPut)
    this.#insert.run(chunk.last, first, times.length, Math.min(...times), Math.max(...times), bytes)
    return chunk
  }

  /** Returns the chunk that ends with a sequence number. */
  at(last: number): EventChunk {
    return chunkOf(this.#at.get(last)!) // the index names the chunks that there are
  }

  /** Returns the chunks after a sequence number, oldest first. The first may begin before it. */
  *after(sequence: number): Generator<EventChunk, undefined> {
    for (const row of this.#after.iterate(sequence)) yield chunkOf(row)
  }

  /** Returns the chunks with events before a sequence number, newest first. */
  *before(sequence: number): Generator<EventChunk, undefined> {
    for (const row of this.#before.iterate(sequence)) yield chunkOf(row)
  }

  /** Returns the rows after a sequence number, up to another, newest first. */
  rows(after: number, to: number): readonly LogRow[] {
    return this.#rows.all(after, to) as unknown as LogRow[] // the columns selected, all NOT NULL
  }

  /** Returns what the rows after a sequence number, up to another, hold. */
  size(after: number, to: number): RangeSize {
    return this.#size.get(after, to) as unknown as RangeSize // numbers; no times if there are no rows
  }

  /** Deletes a row whose events are put into another. */
  drop({ last }: EventChunk): void {
    this.#delete.run(last)
  }

  /** Deletes the events to be forgotten after a sequence number, up to another. */
  forget(after: number, to: number, { before, upTo }: SequenceForgetting): void {
    this.#note.run(this.last)
    this.#forget.run(after, to, before, upTo)
    for (const row of this.#cuttable.all(after, to, before, upTo)) {
      const chunk = chunkOf(row)
      const lines = chunk.lines((head, place) => head[0] < before || chunk.first + place <= upTo)
      if (!this.put(chunk.first, lines)) this.drop(chunk)
    }
  }

  /** Empties the log. Sequence numbers continue, so that followers miss no later event. */
  clear(): void {
    this.#note.run(this.last)
    this.#connection.exec('DELETE FROM event_chunks')
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#last = undefined
  }
}

function chunkOf({ first, last, to_time, events }: Record<string, unknown>): EventChunk {
  const known = { count: Number(last) - Number(first) + 1, to: Number(to_time) }
  return EventChunk.open(Number(last), events as Uint8Array, known) // BLOB in a STRICT table
}
