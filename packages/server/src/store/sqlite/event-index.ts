import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { ChunkMaker, type EventChunk, eventsMost } from '../events/chunk.ts'
import type { PageSearch } from '../events/page.ts'
import { termsOf } from '../events/terms.ts'
import type { EventLog } from './event-log.ts'
import type { SequenceForgetting } from './positions.ts'

/** A term and the number of events between a chunk and the end of its block, as one number. */
const pairBits = 20
const pairUnit = 2 ** pairBits

/** A row of so many events need not be put together with others. */
const rowEnough = (3 * eventsMost) / 4

/** The approximate size of a row of the index, in bytes. */
const termBytes = 14

/** The most chunks that a page reads. It is then short, and says where the next one begins. */
const chunksMost = 128

/** Consecutive chunks with the rows of their index. */
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
 * The index: a row for each term of a chunk. Some thousand consecutive events are a block, whose rows are together in the table: a new block
 * changes few pages of the file, however many events there are. A look-up seeks its terms in each block, newest first.
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
  readonly #countTerms: StatementSync

  constructor(connection: DatabaseSync, log: EventLog) {
    this.#connection = connection
    this.#log = log
    // CROSS JOIN keeps the order of the blocks
    const having = (and: string) =>
      connection.prepare(
        `SELECT b.last AS block, b.to_time AS "blockTo", c.last, c.to_time AS "to" FROM event_blocks b
          CROSS JOIN event_terms t ON t.block = b.last AND t.term = :term ${and}
          CROSS JOIN event_chunks c ON c.last = b.last - t.back AND c.to_time >= :from
            AND (c.from_time < :time OR (c.from_time = :time AND c.first < :sequence))
          WHERE b.to_time >= :from AND b.from_time <= :time ORDER BY b.to_time DESC, b.last DESC`,
      )
    this.#havingOne = having('')
    this.#havingBoth = having(
      'AND EXISTS (SELECT 1 FROM event_terms o WHERE o.block = b.last AND o.term = :other AND o.back = t.back)',
    )
    this.#last = connection.prepare('SELECT max(last) AS last FROM event_blocks')
    const block = 'SELECT first, last, bytes FROM event_blocks'
    this.#forgettable = connection.prepare(`${block} WHERE from_time < ? OR first <= ? ORDER BY last LIMIT 1`)
    this.#newestFirst = connection.prepare(`${block} ORDER BY last DESC`)
    this.#putBlock = connection.prepare(
      'INSERT OR REPLACE INTO event_blocks (last, first, from_time, to_time, bytes) VALUES (?, ?, ?, ?, ?)',
    )
    this.#putTerms = connection.prepare(
      `INSERT INTO event_terms (block, term, back)
        SELECT ?1, value >> ${pairBits}, value & ${pairUnit - 1} FROM json_each(?2)`,
    )
    this.#deleteBlock = connection.prepare('DELETE FROM event_blocks WHERE last = ?')
    this.#deleteTerms = connection.prepare(
      'DELETE FROM event_terms WHERE block = ?1 AND back NOT IN (SELECT ?1 - last FROM event_chunks WHERE last BETWEEN ?2 AND ?1)',
    )
    this.#countTerms = connection.prepare('SELECT count(*) AS count FROM event_terms WHERE block = ?')
  }

  /** Returns the sequence number of the newest event in a block, or 0 if there is none. */
  get last(): number {
    return Number(this.#last.get()?.last ?? 0)
  }

  /** Makes a block of consecutive rows of the log. Small ones become chunks. */
  seal(rows: readonly EventChunk[]): void {
    const { last } = rows.at(-1)! // there is at least one
    let [{ first: next }] = rows as [EventChunk]
    const pairs: number[] = []
    const note = (chunk: EventChunk) => {
      for (const term of termsOf(chunk.heads())) pairs.push(term * pairUnit + (last - chunk.last))
    }
    const maker = new ChunkMaker((lines) => {
      const chunk = this.#log.put(next, lines)
      next += lines.length
      if (chunk) note(chunk)
    })
    for (const row of rows) {
      if (row.count >= rowEnough) {
        maker.end()
        next = row.last + 1
        note(row)
        continue
      }
      this.#log.drop(row)
      for (const line of row.lines()) maker.add(line)
    }
    maker.end()
    // in the order of the table
    this.#putTerms.run(last, JSON.stringify(Array.from(Float64Array.from(pairs).sort())))
    this.#measure(rows[0]!.first, last)
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

  /** Deletes the events of a block that are to be forgotten. */
  forget({ first, last }: Block, forgetting: SequenceForgetting): void {
    this.#log.forget(first - 1, last, forgetting)
    this.#deleteTerms.run(last, first)
    this.#measure(Math.max(first, forgetting.upTo + 1), last)
  }

  /** Returns all blocks, the most recent first. */
  newestFirst(): Block[] {
    return this.#newestFirst.all() as unknown as Block[] // as above
  }

  clear(): void {
    this.#connection.exec('DELETE FROM event_blocks; DELETE FROM event_terms')
  }

  /** Writes what a block has, or deletes it if it has nothing. */
  #measure(first: number, last: number): void {
    const { events, bytes, from, to } = this.#log.size(first - 1, last)
    if (events === 0) {
      this.#deleteBlock.run(last)
      return
    }
    const terms = Number(this.#countTerms.get(last)?.count)
    this.#putBlock.run(last, first, from, to, bytes + terms * termBytes)
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
