import type { DatabaseSync } from 'node:sqlite'
import { dictionaryOf, partsOf } from '../events/block.ts'
import type { EventChunk } from '../events/chunk.ts'
import type { PageSearch } from '../events/page.ts'
import { termsOf } from '../events/terms.ts'
import type { EventLog } from './event-log.ts'
import type { SequenceForgetting } from './positions.ts'

/** The most chunks that a page reads, to the end of a block. It is then short, and says where the next one begins. */
const chunksMost = 1024

/** Consecutive events in chunks with the rows of their index. */
export interface Block {
  readonly first: number
  readonly last: number
}

/** A chunk that has the terms that are sought, and its block. */
interface Candidate {
  readonly block: number
  readonly blockTo: number
  readonly last: number
  readonly to: number
}

function statements(connection: DatabaseSync) {
  const newest = 'SELECT coalesce(max(last), 0) AS last FROM event_blocks'
  return {
    newest: connection.prepare(newest),
    // CROSS JOIN keeps the order of the blocks, so that only the chunks of one are sorted at a time
    having: connection.prepare(
      `SELECT b.last AS block, b.to_time AS "blockTo", c.last, c.to_time AS "to" FROM event_blocks b
        CROSS JOIN event_terms t ON t.block = b.last AND t.term = :term
        CROSS JOIN json_each('[' || t.backs || ']') j
        CROSS JOIN event_chunks c ON c.last = b.last - j.value AND c.to_time >= :from
          AND (c.from_time < :time OR (c.from_time = :time AND c.first < :sequence))
        WHERE b.to_time >= :from AND b.from_time <= :time
          AND (:other IS NULL OR instr(
            (SELECT ',' || backs || ',' FROM event_terms WHERE block = b.last AND term = :other),
            ',' || j.value || ','))
        ORDER BY b.to_time DESC, b.last DESC, c.to_time DESC, c.last DESC`,
    ),
    forgettable: connection.prepare(
      'SELECT first, last FROM event_blocks WHERE from_time < ? OR first <= ? ORDER BY last LIMIT 1',
    ),
    beyond: connection.prepare(
      `SELECT max(last) AS last FROM (
        SELECT last, sum(bytes) OVER (ORDER BY last DESC) AS total FROM (
          SELECT last, bytes FROM event_blocks
          UNION ALL SELECT last, length(events) FROM event_chunks WHERE last > (${newest})
        )
      ) WHERE total > ?`,
    ),
    putBlock: connection.prepare(
      'INSERT INTO event_blocks (last, first, from_time, to_time, bytes) VALUES (?, ?, ?, ?, ?)',
    ),
    putTerms: connection.prepare(
      'INSERT INTO event_terms (block, term, backs) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)',
    ),
    deleteBlock: connection.prepare('DELETE FROM event_blocks WHERE last = ?'),
    deleteTerms: connection.prepare('DELETE FROM event_terms WHERE block = ?'),
  }
}

/**
 * The index: about a thousand consecutive events are a block, and a row for each term of a block names the chunks that have it. The
 * rows of a block are together in the table: a new block changes few pages of the file, however many events there are. A look-up seeks
 * its terms in each block, newest first.
 */
export class EventIndex {
  readonly #connection: DatabaseSync
  readonly #log: EventLog
  readonly #sql: ReturnType<typeof statements>

  constructor(connection: DatabaseSync, log: EventLog) {
    this.#connection = connection
    this.#log = log
    this.#sql = statements(connection)
  }

  /** Returns the sequence number of the newest event in a block, or 0 if there is none. */
  get last(): number {
    return Number(this.#sql.newest.get()?.last)
  }

  /** Makes a block of consecutive chunks, without events to be forgotten. Returns how many these were. */
  seal(
    { first, last }: Block,
    chunks: Iterable<EventChunk>,
    { before, upTo }: SequenceForgetting = { before: Number.NEGATIVE_INFINITY, upTo: 0 },
  ): number {
    const { events } = this.#log.size(first - 1, last)
    const parts = partsOf(chunks, ([time], sequence) => time < before || sequence <= upTo)
    this.#log.drop(first - 1, last)
    this.#sql.deleteBlock.run(last)
    this.#sql.deleteTerms.run(last)
    if (parts.length === 0) return events
    const dictionary = dictionaryOf(parts)
    this.#log.putDictionary(last, dictionary)
    const backs = new Map<number, string>()
    for (const part of parts) {
      const back = last - this.#log.put(part, dictionary)
      for (const term of termsOf(part.heads)) {
        const own = backs.get(term)
        backs.set(term, own === undefined ? `${back}` : `${own},${back}`)
      }
    }
    const rows = JSON.stringify([...backs].sort(([a], [b]) => a - b)) // in the order of the table
    this.#sql.putTerms.run(last, rows)
    const size = this.#log.size(first - 1, last)
    // a row of the table takes about what its text does
    const bytes = size.bytes + rows.length + dictionary.length
    this.#sql.putBlock.run(last, size.first, size.from, size.to, bytes)
    return events - size.events
  }

  /** Offers chunks that may have what is sought. Returns the place before which it has not looked, if it ends early. */
  search(page: PageSearch): { time: number; sequence: number } | undefined {
    const [term, other = null] = page.terms
    const values = { term: term!, other, from: page.from, ...page.before } // a query has at least one term
    let read = 0
    let current: number | undefined
    for (const row of this.#sql.having.iterate(values)) {
      const { block, blockTo, last, to } = row as unknown as Candidate // the columns selected, all NOT NULL
      if (block !== current) {
        if (page.isTooOld({ time: blockTo, sequence: block })) return undefined
        const end = { time: blockTo, sequence: block + 1 }
        if (read >= chunksMost && page.isAfter(end)) return end
        current = block
      }
      if (page.isTooOld({ time: to, sequence: last })) continue
      page.offer(this.#log.at(last, block))
      read++
    }
    return undefined
  }

  /** Returns the oldest block with events to forget. */
  forgettable({ before, upTo }: SequenceForgetting): Block | undefined {
    return this.#sql.forgettable.get(before, upTo) as Block | undefined // INTEGER NOT NULL
  }

  /** Deletes the events of a block that are to be forgotten, and returns how many. What is left becomes a block again. */
  forget(block: Block, forgetting: SequenceForgetting): number {
    const { first, last } = block
    const isWhole = last <= forgetting.upTo || this.#log.size(first - 1, last).to < forgetting.before
    return this.seal(block, isWhole ? [] : this.#log.between(first - 1, last), forgetting)
  }

  /** Returns the sequence number up to which events must be deleted so that the rest fits into a number of bytes, or 0. */
  beyond(bytes: number): number {
    return Number(this.#sql.beyond.get(bytes)?.last ?? 0)
  }

  clear(): void {
    this.#connection.exec('DELETE FROM event_blocks; DELETE FROM event_terms')
  }
}
