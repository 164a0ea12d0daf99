import type { DatabaseSync } from 'node:sqlite'
import { putNewest } from '../../base/index.ts'
import type { Part } from '../events/block.ts'
import { EventChunk, type EventPack, joined, range, sealed, timesOf } from '../events/chunk.ts'
import type { SequenceForgetting } from './positions.ts'

/** From this size on, in bytes, compression pays: events that are added are waited for. */
const pressedBytes = { whenAdded: 8 * 1024, whenPut: 1024 } as const

/** The most chunks of blocks that stay decompressed, those of one block, and their longest; and the most dictionaries. */
const openMost = { chunks: 256, characters: 32 * 1024, dictionaries: 64 } as const

/** The contents of a range of the log. `events` are those that are not deleted. */
export interface RangeSize {
  readonly events: number
  readonly bytes: number
  readonly first: number
  readonly from: number
  readonly to: number
}

/** Sequence numbers, the first and the last included. */
interface Range {
  readonly first: number
  readonly last: number
}

/** The statements of the log. A range is a number that it begins after, and its last number. */
function statements(connection: DatabaseSync) {
  const rows = 'SELECT last, first, from_time, to_time, gaps, events FROM event_chunks'
  const blocks = 'SELECT first, last FROM event_blocks'
  const between = 'FROM event_chunks WHERE last > ? AND last <= ?'
  return {
    newest: connection.prepare(
      'SELECT max(noted, (SELECT coalesce(max(last), 0) FROM event_chunks)) AS last FROM event_sequence',
    ),
    note: connection.prepare('UPDATE event_sequence SET noted = ?'),
    insert: connection.prepare(
      'INSERT INTO event_chunks (last, first, kept, from_time, to_time, gaps, events) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    delete: connection.prepare(`DELETE ${between}`),
    forgettable: connection.prepare(
      'SELECT last FROM event_chunks WHERE last > ? AND (from_time < ? OR first <= ?) LIMIT 1',
    ),
    at: connection.prepare(`${rows} WHERE last = ?`),
    dictionary: connection.prepare('SELECT text FROM event_dictionaries WHERE block = ?'),
    putDictionary: connection.prepare('INSERT INTO event_dictionaries (block, text) VALUES (?, ?)'),
    deleteDictionaries: connection.prepare('DELETE FROM event_dictionaries WHERE block > ? AND block <= ?'),
    between: connection.prepare(`${rows} WHERE last > ? AND last <= ? ORDER BY last`),
    newestFirst: connection.prepare(`${rows} WHERE last > ? AND first < ? ORDER BY last DESC`),
    blocksAfter: connection.prepare(`${blocks} WHERE last > ? ORDER BY last`),
    blocksBefore: connection.prepare(`${blocks} WHERE first < ? ORDER BY last DESC`),
    size: connection.prepare(
      `SELECT coalesce(sum(kept), 0) AS events, coalesce(sum(length(events)), 0) AS bytes,
        min(first) AS first, min(from_time) AS "from", max(to_time) AS "to" ${between}`,
    ),
  }
}

/**
 * The events with their whole records. The newest are as they came: a row holds consecutive events. The older ones are in
 * blocks, whose rows hold them in another order. A row's key is the greatest sequence number of its events. No number is used
 * twice: if events are deleted, the highest number is recorded.
 */
export class EventLog {
  readonly #sql: ReturnType<typeof statements>
  #last: number | undefined
  /** Chunks of blocks that were read last. */
  readonly #open = new Map<number, EventChunk>()
  readonly #dictionaries = new Map<number, Uint8Array | undefined>()
  /** The block that was read last, in the order of its events. */
  #whole: EventChunk | undefined

  constructor(connection: DatabaseSync) {
    this.#sql = statements(connection)
  }

  /** Returns the highest sequence number that was ever used. */
  get last(): number {
    this.#last ??= Number(this.#sql.newest.get()?.last)
    return this.#last
  }

  /** Adds a pack as it came. Returns the sequence numbers of its events. */
  append({ count, from, to, text }: EventPack): readonly number[] {
    const sequences = range(this.last + 1, this.last + count)
    this.#last = this.last + count
    const bytes = sealed(text, pressedBytes.whenAdded)
    this.#sql.insert.run(this.#last, sequences[0]!, count, from, to, null, bytes) // a pack has an event
    return sequences
  }

  /** Writes the dictionary of a block, which its chunks need. */
  putDictionary(block: number, dictionary: Uint8Array): void {
    this.#sql.putDictionary.run(block, dictionary)
  }

  /** Writes a chunk of a block. Returns its key. */
  put({ sequences, heads, text }: Part, dictionary: Uint8Array): number {
    const [first, last] = [sequences[0]!, sequences.at(-1)!] // no part is empty
    const gaps = sequences.slice(1).map((sequence, place) => sequence - sequences[place]!)
    const { from, to } = timesOf(heads)
    const bytes = sealed(text, pressedBytes.whenPut, dictionary)
    this.#sql.insert.run(last, first, heads.length, from, to, gaps.join(), bytes)
    return last
  }

  /** Returns the chunk of a block that has a key. */
  at(last: number, block: number): EventChunk {
    const open = this.#open.get(last)
    if (open) return open
    const row = this.#sql.at.get(last)! // the index names the chunks that there are
    const chunk = chunkOf(row, this.#dictionaryOf(block))
    if (chunk.text.length <= openMost.characters) putNewest(this.#open, openMost.chunks, last, chunk)
    return chunk
  }

  /** Returns the rows after a sequence number, up to another: those of a block up to its key, or those that are in no block. */
  *between(after: number, to = Number.MAX_SAFE_INTEGER): Generator<EventChunk, undefined> {
    const dictionary = this.#dictionaryOf(to)
    for (const row of this.#sql.between.iterate(after, to)) yield chunkOf(row, dictionary)
  }

  /** Returns the events after a sequence number, oldest first. The first chunk may begin before it. */
  *after(sequence: number): Generator<EventChunk, undefined> {
    let end = sequence
    for (const block of this.#sql.blocksAfter.iterate(sequence)) {
      const chunk = this.#wholeOf(block as unknown as Range) // INTEGER NOT NULL
      end = chunk.last
      yield chunk
    }
    yield* this.between(end)
  }

  /** Returns the chunks with events before a sequence number, newest first. */
  *before(sequence: number, sealedTo: number): Generator<EventChunk, undefined> {
    for (const row of this.#sql.newestFirst.iterate(sealedTo, sequence)) yield chunkOf(row)
    for (const block of this.#sql.blocksBefore.iterate(sequence))
      yield this.#wholeOf(block as unknown as Range) // as above
  }

  /** Returns what the rows after a sequence number, up to another, hold. */
  size(after: number, to: number): RangeSize {
    return this.#sql.size.get(after, to) as unknown as RangeSize // numbers; no times if there are no rows
  }

  /** Deletes the rows after a sequence number, up to another. */
  drop(after: number, to: number): void {
    this.#sql.note.run(this.last)
    this.#sql.delete.run(after, to)
    this.#sql.deleteDictionaries.run(after, to)
    this.forgetRemembered()
  }

  /** Returns whether events after a sequence number are to be forgotten. */
  isForgettable(after: number, { before, upTo }: SequenceForgetting): boolean {
    return this.#sql.forgettable.get(after, before, upTo) !== undefined
  }

  /** Empties the log. Sequence numbers continue, so that followers miss no later event. */
  clear(): void {
    this.drop(0, this.last)
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#last = undefined
    this.#open.clear()
    this.#dictionaries.clear()
    this.#whole = undefined
  }

  /** Blocks of earlier versions have none. */
  #dictionaryOf(block: number): Uint8Array | undefined {
    if (this.#dictionaries.has(block)) return this.#dictionaries.get(block)
    const row = this.#sql.dictionary.get(block)
    const dictionary = row && (row.text as Uint8Array) // BLOB in a STRICT table
    putNewest(this.#dictionaries, openMost.dictionaries, block, dictionary)
    return dictionary
  }

  /** Returns the events of a block in their order. */
  #wholeOf({ first, last }: Range): EventChunk {
    if (this.#whole?.last === last) return this.#whole
    this.#whole = joined(first, last, this.between(first - 1, last))
    return this.#whole
  }
}

function chunkOf(
  { first, last, from_time, to_time, gaps, events }: Record<string, unknown>,
  dictionary?: Uint8Array,
): EventChunk {
  const [start, end] = [Number(first), Number(last)]
  const sequences = typeof gaps === 'string' ? spaced(start, gaps) : range(start, end)
  const times = { from: Number(from_time), to: Number(to_time) }
  return EventChunk.open(sequences, events as Uint8Array, times, dictionary) // BLOB in a STRICT table
}

function spaced(first: number, gaps: string): readonly number[] {
  const sequences = [first]
  for (const gap of gaps === '' ? [] : gaps.split(',')) sequences.push(sequences.at(-1)! + Number(gap)) // there is one
  return sequences
}
