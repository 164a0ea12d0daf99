import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { EventChunk, openChunk, sealChunk } from './event-chunk.ts'
import type { EventPack } from './event-pack.ts'

/** The number of events in a full chunk. A full chunk is written in its final form. */
const eventsEnough = 64

/** The most UTF-16 units of heads and records in a chunk. A larger event has a chunk of its own. */
const lengthMost = 1024 * 1024

/**
 * The events with their whole records, in the stored order. Events of one transaction are stored together, compressed,
 * in as few rows as possible. Too few events to compress well are kept in a small row until a chunk is full. A row's
 * key is the sequence number of its last event. No number is used twice: if events are deleted, the highest number is
 * recorded.
 */
export class EventLog {
  readonly #connection: DatabaseSync
  readonly #newest: StatementSync
  readonly #note: StatementSync
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #delete: StatementSync
  readonly #holding: StatementSync
  readonly #after: StatementSync
  readonly #before: StatementSync
  readonly #sizes: StatementSync
  readonly #size: StatementSync
  /** The packs of the next chunk. */
  #group: EventPack[] = []
  /** The sequence number before the group's first event, and before the first event that is in no row yet. */
  #groupAfter = 0
  #writtenTo = 0
  #last: number | undefined

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#newest = connection.prepare(
      `SELECT max(noted, (SELECT coalesce(max(last), 0) FROM event_chunks)) AS last FROM event_sequence`,
    )
    this.#note = connection.prepare('UPDATE event_sequence SET noted = ?')
    this.#insert = connection.prepare('INSERT INTO event_chunks (last, events) VALUES (?, ?)')
    this.#update = connection.prepare('UPDATE event_chunks SET events = ? WHERE last = ?')
    this.#delete = connection.prepare('DELETE FROM event_chunks WHERE last > ? AND last <= ?')
    this.#holding = connection.prepare(
      'SELECT last, events FROM event_chunks WHERE last >= ? ORDER BY last LIMIT 1',
    )
    this.#after = connection.prepare('SELECT last, events FROM event_chunks WHERE last > ? ORDER BY last')
    this.#before = connection.prepare(
      'SELECT last, events FROM event_chunks WHERE last < ? ORDER BY last DESC',
    )
    const between = 'FROM event_chunks WHERE last > ? AND last <= ?'
    this.#sizes = connection.prepare(`SELECT last, length(events) AS bytes ${between} ORDER BY last DESC`)
    this.#size = connection.prepare(`SELECT coalesce(sum(length(events)), 0) AS bytes ${between}`)
  }

  /** Returns the highest sequence number that was ever used. */
  get last(): number {
    this.#last ??= Number(this.#newest.get()?.last)
    return this.#last
  }

  /** Adds a pack. It is in the file only after `write`. */
  append(pack: EventPack): void {
    if (lengthOf([...this.#group, pack]) > lengthMost && this.#group.length > 0) {
      this.write()
      this.begin()
    }
    if (this.#group.length === 0) this.#groupAfter = this.#writtenTo = this.last
    this.#group.push(pack)
    this.#last = this.last + pack.count
    if (this.#last - this.#groupAfter < eventsEnough) return
    if (this.#writtenTo > this.#groupAfter) this.#delete.run(this.#groupAfter, this.#writtenTo)
    this.#insert.run(this.#last, sealChunk(this.#group))
    this.begin()
  }

  /** Writes what is in no row yet. */
  write(): void {
    if (this.#group.length === 0 || this.#writtenTo === this.last) return
    let first = this.#group.length
    for (let after = this.last; after > this.#writtenTo; ) after -= this.#group[--first]!.count
    this.#insert.run(this.last, sealChunk(this.#group.slice(first)))
    this.#writtenTo = this.last
  }

  /** Begins a new group: what follows is not joined with what was added before. */
  begin(): void {
    this.#group = []
  }

  /** Returns the chunk that holds a sequence number. */
  holding(sequence: number): EventChunk | undefined {
    const row = this.#holding.get(sequence)
    return row && chunkOf(row)
  }

  /** Returns the chunks after a sequence number, oldest first. The first may begin before it. */
  *after(sequence: number): Generator<EventChunk, undefined> {
    for (const row of this.#after.iterate(sequence)) yield chunkOf(row)
  }

  /** Returns the chunks with events before a sequence number, newest first, as text. Most need not be parsed. */
  *textsBefore(sequence: number): Generator<ChunkText, undefined> {
    const holding = this.#holding.get(sequence - 1)
    if (holding !== undefined) yield textOf(holding)
    for (const row of this.#before.iterate(sequence - 1)) yield textOf(row)
  }

  /** Returns the sizes of the chunks after a sequence number, up to another, newest first. */
  sizes(after: number, to: number): readonly ChunkSize[] {
    return this.#sizes.all(after, to) as unknown as ChunkSize[] // the columns selected, both INTEGER
  }

  /** Returns the size of all chunks, in bytes. */
  size(after: number, to: number): number {
    return Number(this.#size.get(after, to)?.bytes)
  }

  /** Rewrites a chunk with holes in it. */
  replace(chunk: EventChunk, pack: EventPack): void {
    this.#update.run(sealChunk([pack]), chunk.last)
  }

  /** Deletes whole rows: those after a sequence number, up to another. */
  delete(after: number, to: number): void {
    this.#note.run(this.last)
    this.#delete.run(after, to)
  }

  /** Empties the log. Sequence numbers continue, so that followers miss no later event. */
  clear(): void {
    this.begin()
    this.#note.run(this.last)
    this.#connection.exec('DELETE FROM event_chunks')
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.begin()
    this.#last = undefined
  }
}

/** Returns the bytes of the chunk that ends with a sequence number. */
export interface ChunkSize {
  readonly last: number
  readonly bytes: number
}

/** A chunk to be written. */
export interface ChunkText {
  /** The sequence number of its last event. */
  readonly last: number
  /** Heads and records in UTF-8. */
  readonly bytes: Buffer
  read(): EventChunk
}

function textOf(row: Record<string, unknown>): ChunkText {
  const bytes = openChunk(row.events as Uint8Array) // BLOB NOT NULL in a STRICT table
  return { last: Number(row.last), bytes, read: () => new EventChunk(Number(row.last), bytes) }
}

function lengthOf(packs: readonly EventPack[]): number {
  return packs.reduce((sum, { heads, records }) => sum + heads.length + records.length, 0)
}

function chunkOf(row: Record<string, unknown>): EventChunk {
  return new EventChunk(Number(row.last), row.events as Uint8Array) // BLOB NOT NULL in a STRICT table
}
