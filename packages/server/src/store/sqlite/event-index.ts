import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { partsOf } from '../events/block.ts'
import type { EventChunk } from '../events/chunk.ts'
import type { PageSearch } from '../events/page.ts'
import { termsOf } from '../events/terms.ts'
import type { EventLog } from './event-log.ts'
import type { SequenceForgetting } from './positions.ts'

/** The most chunks that a page reads. It is then short, and says where the next one begins. */
const chunksMost = 128

/** Forgets no event. */
const nothing: SequenceForgetting = { before: Number.NEGATIVE_INFINITY, upTo: 0 }

/** Consecutive events in chunks with the rows of their index. */
export interface Block {
  readonly first: number
  readonly last: number
  /** The bytes of its chunks and of its rows in the index. */
  readonly bytes: number
}

/** A chunk that has the terms that are sought, and its block. */
interface Candidate {
  readonly block: number
  readonly blockTo: number
  readonly last: number
  readonly to: number
}

/**
 * The index: about a thousand consecutive events are a block, and a row for each term of a block names the chunks that have it. The
 * rows of a block are together in the table: a new block changes few pages of the file, however many events there are. A look-up seeks
 * its terms in each block, newest first.
 */
export class EventIndex {
  readonly #connection: DatabaseSync
  readonly #log: EventLog
  readonly #last: StatementSync
  readonly #havingOne: StatementSync
  readonly #havingBoth: StatementSync
  readonly #forgettable: StatementSync
  readonly #newestFirst: StatementSync
  readonly #putBlock: StatementSync
  readonly #putTerms: StatementSync
  readonly #deleteBlock: StatementSync
  readonly #deleteTerms: StatementSync

  constructor(connection: DatabaseSync, log: EventLog) {
    this.#connection = connection
    this.#log = log
    // CROSS JOIN keeps the order of the blocks
    const having = (and: string) =>
      connection.prepare(
        `SELECT b.last AS block, b.to_time AS "blockTo", c.last, c.to_time AS "to" FROM event_blocks b
          CROSS JOIN event_terms t ON t.block = b.last AND t.term = :term
          CROSS JOIN json_each('[' || t.backs || ']') j
          CROSS JOIN event_chunks c ON c.last = b.last - j.value ${and} AND c.to_time >= :from
            AND (c.from_time < :time OR (c.from_time = :time AND c.first < :sequence))
          WHERE b.to_time >= :from AND b.from_time <= :time ORDER BY b.to_time DESC, b.last DESC`,
      )
    this.#havingOne = having('')
    this.#havingBoth = having(
      `AND j.value IN (SELECT k.value FROM event_terms o CROSS JOIN json_each('[' || o.backs || ']') k
        WHERE o.block = b.last AND o.term = :other)`,
    )
    this.#last = connection.prepare('SELECT max(last) AS last FROM event_blocks')
    const block = 'SELECT first, last, bytes FROM event_blocks'
    this.#forgettable = connection.prepare(`${block} WHERE from_time < ? OR first <= ? ORDER BY last LIMIT 1`)
    this.#newestFirst = connection.prepare(`${block} ORDER BY last DESC`)
    this.#putBlock = connection.prepare(
      'INSERT INTO event_blocks (last, first, from_time, to_time, bytes) VALUES (?, ?, ?, ?, ?)',
    )
    this.#putTerms = connection.prepare(
      'INSERT INTO event_terms (block, term, backs) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)',
    )
    this.#deleteBlock = connection.prepare('DELETE FROM event_blocks WHERE last = ?')
    this.#deleteTerms = connection.prepare('DELETE FROM event_terms WHERE block = ?')
  }

  /** Returns the sequence number of the newest event in a block, or 0 if there is none. */
  get last(): number {
    return Number(this.#last.get()?.last ?? 0)
  }

  /** Makes a block of consecutive chunks, without events to be forgotten. */
  seal(
    first: number,
    last: number,
    chunks: Iterable<EventChunk>,
    { before, upTo }: SequenceForgetting = nothing,
  ): void {
    const parts = partsOf(chunks, ([time], sequence) => time < before || sequence <= upTo)
    this.#log.drop(first - 1, last)
    this.#deleteBlock.run(last)
    this.#deleteTerms.run(last)
    if (parts.length === 0) return
    const backs = new Map<number, string>()
    for (const part of parts) {
      const back = last - this.#log.put(part)
      for (const term of termsOf(part.heads)) {
        const own = backs.get(term)
        backs.set(term, own === undefined ? `${back}` : `${own},${back}`)
      }
    }
    const rows = JSON.stringify([...backs].sort(([a], [b]) => a - b)) // in the order of the table
    this.#putTerms.run(last, rows)
    const size = this.#log.size(first - 1, last)
    // a row of the table takes about what its text does
    this.#putBlock.run(last, size.first, size.from, size.to, size.bytes + rows.length)
  }

  /** Offers chunks that may have what is sought. Returns the place before which it has not looked, if it ends early. */
  search(page: PageSearch): { time: number; sequence: number } | undefined {
    const [term, other] = page.terms
    const values = { term: term!, from: page.from, ...page.before } // a query has at least one term
    const rows =
      other === undefined ? this.#havingOne.iterate(values) : this.#havingBoth.iterate({ ...values, other })
    let read = 0
    for (const candidates of byBlock(rows)) {
      const { block, blockTo } = candidates[0]! // no block comes without one
      const end = { time: blockTo, sequence: block + 1 }
      if (page.isTooOld({ time: blockTo, sequence: block })) return undefined
      if (read >= chunksMost && page.isAfter(end)) return end
      for (const { last, to } of candidates.sort((a, b) => b.to - a.to || b.last - a.last)) {
        if (page.isTooOld({ time: to, sequence: last })) break
        page.offer(this.#log.at(last))
        read++
      }
    }
    return undefined
  }

  /** Returns the oldest block with events to forget. */
  forgettable({ before, upTo }: SequenceForgetting): Block | undefined {
    return this.#forgettable.get(before, upTo) as Block | undefined // INTEGER NOT NULL
  }

  /** Deletes the events of a block that are to be forgotten. What is left becomes a block again. */
  forget({ first, last }: Block, forgetting: SequenceForgetting): void {
    const isWhole = last <= forgetting.upTo || this.#log.size(first - 1, last).to < forgetting.before
    this.seal(first, last, isWhole ? [] : this.#log.between(first - 1, last), forgetting)
  }

  /** Returns all blocks, the most recent first. */
  newestFirst(): Block[] {
    return this.#newestFirst.all() as unknown as Block[] // as above
  }

  clear(): void {
    this.#connection.exec('DELETE FROM event_blocks; DELETE FROM event_terms')
  }
}

function* byBlock(rows: Iterable<unknown>): Generator<Candidate[], undefined> {
  let group: Candidate[] = []
  for (const each of rows) {
    const row = each as Candidate // the columns selected, all NOT NULL
    if (group[0] !== undefined && group[0].block !== row.block) {
      yield group
      group = []
    }
    group.push(row)
  }
  if (group.length > 0) yield group
}
