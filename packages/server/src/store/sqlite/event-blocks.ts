import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Column,
  columns,
  type EventColumns,
  type EventSpan,
  type ValueColumn,
  valueColumns,
} from './event-columns.ts'
import type { SequenceForgetting } from './positions.ts'
import { aligned, findPostings } from './postings.ts'

/** The range of keys that the columns of a block may use. */
const columnKeys = 16

/** A block as stored in its row. */
export interface BlockRow {
  readonly first: number
  readonly last: number
  /** The number of its events that are kept, and their first and last time. */
  readonly events: number
  readonly fromTime: number
  readonly toTime: number
  /** The bytes of its chunks and columns. */
  readonly bytes: number
}

/**
 * The index: thousands of consecutive events make a block, which is written once. A look-up reads the blocks, newest
 * first, and of each only the columns that it needs.
 */
export class EventBlocks {
  readonly #connection: DatabaseSync
  readonly #last: StatementSync
  readonly #within: StatementSync
  readonly #forgettable: StatementSync
  readonly #newestFirst: StatementSync
  readonly #putBlock: StatementSync
  readonly #putColumn: StatementSync
  readonly #column: StatementSync
  readonly #deleteBlock: StatementSync
  readonly #deleteColumns: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    const select = `SELECT first, last, events, from_time AS "fromTime", to_time AS "toTime", bytes FROM event_blocks`
    this.#last = connection.prepare('SELECT max(last) AS last FROM event_blocks')
    this.#within = connection.prepare(
      `${select} WHERE to_time >= ? AND from_time <= ? ORDER BY to_time DESC, last DESC`,
    )
    this.#forgettable = connection.prepare(
      `${select} WHERE from_time < ? OR first <= ? ORDER BY last LIMIT 1`,
    )
    this.#newestFirst = connection.prepare(`${select} ORDER BY last DESC`)
    this.#putBlock = connection.prepare(
      `INSERT OR REPLACE INTO event_blocks (last, first, events, from_time, to_time, bytes)
        VALUES (?, ?, ?, ?, ?, ?)`,
    )
    this.#putColumn = connection.prepare('INSERT OR REPLACE INTO event_columns (key, data) VALUES (?, ?)')
    this.#column = connection.prepare('SELECT data FROM event_columns WHERE key = ?')
    this.#deleteBlock = connection.prepare('DELETE FROM event_blocks WHERE last = ?')
    this.#deleteColumns = connection.prepare('DELETE FROM event_columns WHERE key >= ? AND key < ?')
  }

  /** Returns the sequence number of the newest event in a block, or 0 if there is none. */
  get last(): number {
    return Number(this.#last.get()?.last ?? 0)
  }

  /** Writes or rewrites a block. `bytes` is the size of its chunks. */
  put(block: EventColumns, chunkBytes: number): void {
    const { first, last, events, fromTime, toTime } = block
    const times = block.times()
    let bytes = chunkBytes + times.byteLength
    this.#putColumn.run(
      keyOf(last, columns.time),
      new Uint8Array(times.buffer, times.byteOffset, times.byteLength),
    )
    for (const column of valueColumns) {
      const postings = block.postings(column)
      bytes += postings.byteLength
      this.#putColumn.run(keyOf(last, column), postings)
    }
    this.#putBlock.run(last, first, events, fromTime, toTime, bytes)
  }

  /** Returns the blocks with events between two instants, those that end last first. */
  within(from: number, to: number): BlockRow[] {
    return this.#within.all(from, to) as unknown as BlockRow[] // what is selected, INTEGER or REAL and NOT NULL
  }

  /** Returns the oldest block with events to forget. */
  forgettable({ before, upTo }: SequenceForgetting): BlockRow | undefined {
    return this.#forgettable.get(before, upTo) as BlockRow | undefined // as above
  }

  /** Returns all blocks, the most recent first. */
  newestFirst(): BlockRow[] {
    return this.#newestFirst.all() as unknown as BlockRow[] // as above
  }

  /** Returns a block in the form that look-ups search. */
  span({ first, last }: BlockRow): EventSpan {
    return {
      first,
      positions: (column: ValueColumn, hash) => findPostings(this.#read(last, column), hash),
      times: () => {
        const { buffer, byteOffset, byteLength } = aligned(this.#read(last, columns.time))
        return new Float64Array(buffer, byteOffset, byteLength / 8)
      },
    }
  }

  delete({ last }: BlockRow): void {
    this.#deleteBlock.run(last)
    this.#deleteColumns.run(keyOf(last, 0), keyOf(last, 0) + columnKeys)
  }

  clear(): void {
    this.#connection.exec('DELETE FROM event_blocks; DELETE FROM event_columns')
  }

  #read(last: number, column: Column): Uint8Array {
    return this.#column.get(keyOf(last, column))?.data as Uint8Array // every block has every column, BLOB NOT NULL
  }
}

function keyOf(last: number, column: Column): number {
  return last * columnKeys + column
}
