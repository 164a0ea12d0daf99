import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Column,
  columns,
  type EventColumns,
  type EventSpan,
  type ValueColumn,
  valueColumns,
} from './event-columns.ts'
import { aligned, findPostings } from './postings.ts'

/** The columns of each block have so many keys to themselves. */
const columnKeys = 16

/** A block as its row has it. */
export interface BlockRow {
  readonly first: number
  readonly last: number
  /** How many of its events are not forgotten, and from when to when they are. */
  readonly events: number
  readonly fromTime: number
  readonly toTime: number
}

/**
 * The index: thousands of events that follow each other make a block, written once and in one go. A look-up
 * walks the blocks, newest first, and reads of each only the columns that it asks for.
 */
export class EventBlocks {
  readonly #connection: DatabaseSync
  readonly #last: StatementSync
  readonly #within: StatementSync
  readonly #older: StatementSync
  readonly #putBlock: StatementSync
  readonly #putColumn: StatementSync
  readonly #column: StatementSync
  readonly #deleteBlock: StatementSync
  readonly #deleteColumns: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    const select = `SELECT first, last, events, from_time AS "fromTime", to_time AS "toTime" FROM event_blocks`
    this.#last = connection.prepare('SELECT max(last) AS last FROM event_blocks')
    this.#within = connection.prepare(
      `${select} WHERE to_time >= ? AND from_time <= ? ORDER BY to_time DESC, last DESC`,
    )
    this.#older = connection.prepare(`${select} WHERE from_time < ? LIMIT 1`)
    this.#putBlock = connection.prepare(
      'INSERT OR REPLACE INTO event_blocks (last, first, events, from_time, to_time) VALUES (?, ?, ?, ?, ?)',
    )
    this.#putColumn = connection.prepare('INSERT OR REPLACE INTO event_columns (key, data) VALUES (?, ?)')
    this.#column = connection.prepare('SELECT data FROM event_columns WHERE key = ?')
    this.#deleteBlock = connection.prepare('DELETE FROM event_blocks WHERE last = ?')
    this.#deleteColumns = connection.prepare('DELETE FROM event_columns WHERE key >= ? AND key < ?')
  }

  /** The sequence number of the newest event that is in a block, 0 where none is. */
  get last(): number {
    return Number(this.#last.get()?.last ?? 0)
  }

  /** Writes a block, or one anew. */
  put(block: EventColumns): void {
    const { first, last, events, fromTime, toTime } = block
    this.#putBlock.run(last, first, events, fromTime, toTime)
    const times = block.times()
    this.#putColumn.run(
      keyOf(last, columns.time),
      new Uint8Array(times.buffer, times.byteOffset, times.byteLength),
    )
    for (const column of valueColumns) this.#putColumn.run(keyOf(last, column), block.postings(column))
  }

  /** The blocks with events between two instants, those that end last first. */
  within(from: number, to: number): BlockRow[] {
    return this.#within.all(from, to) as unknown as BlockRow[] // what is selected, INTEGER or REAL and NOT NULL
  }

  /** A block with events older than an instant. */
  older(before: number): BlockRow | undefined {
    return this.#older.get(before) as BlockRow | undefined // as above
  }

  /** A block as look-ups search it. */
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
