import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EventCursor } from '../cursor.ts'
import type { EventQuery } from '../types.ts'

/** How many events the index takes in at once. Sorted, so many touch each page of it once. */
const eventsTogether = 2000

/** The numbers that the schema gives to what look-ups ask. */
const attributeNumbers = {
  any: 0,
  EventId: 1,
  EventName: 2,
  EventSource: 3,
  Username: 4,
  AccessKeyId: 5,
  ReadOnly: 6,
  ResourceType: 7,
  ResourceName: 8,
} satisfies Record<NonNullable<EventQuery['attribute']>['key'] | 'any', number>

/** What is asked of each trail. */
export interface EventAsked {
  readonly attribute: EventQuery['attribute']
  readonly from: number
  /** Where the page before ended, or the end of the time asked for. */
  readonly before: EventCursor
  readonly limit: number
}

/**
 * What look-ups search. To keep an index of nine entries an event up to date with every commit would cost
 * several times what the commit does; so it is brought forward in larger steps, when the store has nothing
 * better to do, and a look-up reads the few events that it lacks one by one.
 */
export class EventIndex {
  readonly #connection: DatabaseSync
  readonly #progress: StatementSync
  readonly #newest: StatementSync
  readonly #take: StatementSync
  readonly #mark: StatementSync
  readonly #findIndexed: StatementSync
  readonly #findUnindexed: StatementSync
  readonly #older: StatementSync
  readonly #delete: StatementSync
  #indexed: number | undefined

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#progress = connection.prepare('SELECT sequence FROM event_index_progress')
    this.#newest = connection.prepare('SELECT max(sequence) AS sequence FROM events')
    // Two resources of one type make one entry: the event is found once.
    this.#take = connection.prepare(
      `INSERT OR IGNORE INTO event_index
       SELECT * FROM event_attributes WHERE sequence > ? AND sequence <= ? ORDER BY 1, 2, 3, 4, 5`,
    )
    this.#mark = connection.prepare('UPDATE event_index_progress SET sequence = ?')
    const where = 'trail = ? AND attribute = ? AND value = ? AND time >= ? AND (time, sequence) < (?, ?)'
    const newestFirst = 'ORDER BY time DESC, sequence DESC LIMIT ?'
    this.#findIndexed = connection.prepare(
      `SELECT time, sequence FROM event_index WHERE ${where} ${newestFirst}`,
    )
    this.#findUnindexed = connection.prepare(
      `SELECT DISTINCT time, sequence FROM event_attributes WHERE ${where} AND sequence > ? ${newestFirst}`,
    )
    this.#older = connection.prepare(
      `SELECT sequence FROM trails CROSS JOIN event_index ON trail = number
       WHERE attribute = 0 AND value = '' AND time < ? LIMIT ?`,
    )
    this.#delete = connection.prepare(
      `DELETE FROM event_index WHERE (trail, attribute, value, time, sequence) IN
         (SELECT trail, attribute, value, time, sequence FROM event_attributes WHERE sequence = ?)`,
    )
  }

  /** How many events the index is behind, at most. */
  get behind(): number {
    return Math.max(0, this.#newestSequence() - this.#indexedTo())
  }

  /** Takes the next events in; true where more are left. */
  advance(): boolean {
    const from = this.#indexedTo()
    const newest = this.#newestSequence()
    const to = Math.min(newest, from + eventsTogether)
    if (to <= from) return false
    this.#take.run(from, to)
    this.#mark.run(to)
    this.#indexed = to
    return to < newest
  }

  /** The newest events of a trail that have the attribute, by time and sequence. */
  find(trail: number, { attribute, from, before, limit }: EventAsked): EventCursor[] {
    const number = attributeNumbers[attribute?.key ?? 'any']
    const where = [trail, number, attribute?.value ?? '', from, before.time, before.sequence]
    return [
      ...this.#findIndexed.all(...where, limit),
      ...this.#findUnindexed.all(...where, this.#indexedTo(), limit),
    ].map((row) => ({ time: Number(row.time), sequence: Number(row.sequence) }))
  }

  /** Up to `limit` events, of those indexed, that are older than an instant. */
  older(before: number, limit: number): number[] {
    return this.#older.all(before, limit).map((row) => Number(row.sequence))
  }

  /** Deletes an event's entries; to be called before the event itself goes. */
  delete(sequence: number): void {
    this.#delete.run(sequence)
  }

  clear(): void {
    this.#connection.exec('DELETE FROM event_index')
  }

  /** To be called where a transaction was rolled back. */
  forgetRemembered(): void {
    this.#indexed = undefined
  }

  #indexedTo(): number {
    this.#indexed ??= Number(this.#progress.get()?.sequence)
    return this.#indexed
  }

  #newestSequence(): number {
    return Number(this.#newest.get()?.sequence ?? 0)
  }
}
