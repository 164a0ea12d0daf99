import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import { type EventCursor, formatCursor } from '../cursor.ts'
import type { EventPage, EventQuery, StoredEvent } from '../types.ts'
import { type EventAsked, EventIndex } from './event-index.ts'
import { TrailTable } from './trails.ts'

interface EventRow {
  readonly sequence: number
  readonly account: AccountId
  readonly region: string
  readonly id: string
  readonly time: number
  readonly name: string
  readonly source: string
  readonly username: string | null
  readonly access_key_id: string | null
  readonly read_only: number
  readonly error_code: string | null
  readonly resources: string | null
  readonly json: string
}

const select = `SELECT sequence, account, region, id, time, name, source, username, access_key_id, read_only,
  error_code, resources, json FROM events JOIN trails ON trails.number = events.trail`

/** The events of all trails, in the order kept. */
export class EventTable {
  readonly #connection: DatabaseSync
  readonly #trails: TrailTable
  readonly #index: EventIndex
  readonly #insert: StatementSync
  readonly #get: StatementSync
  readonly #after: StatementSync
  readonly #delete: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#trails = new TrailTable(connection)
    this.#index = new EventIndex(connection)
    this.#insert = connection.prepare(
      `INSERT INTO events
         (trail, time, id, name, source, username, access_key_id, read_only, error_code, resources, json)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#get = connection.prepare(`${select} WHERE sequence = ?`)
    this.#after = connection.prepare(`${select} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
    this.#delete = connection.prepare('DELETE FROM events WHERE sequence = ?')
  }

  add(events: readonly StoredEvent[]): undefined {
    for (const event of events) {
      this.#insert.run(
        this.#trails.number(event.account, event.region),
        event.time,
        event.id,
        event.name,
        event.source,
        event.username ?? null,
        event.accessKeyId ?? null,
        event.readOnly ? 1 : 0,
        event.errorCode ?? null,
        event.resources.length > 0 ? JSON.stringify(event.resources) : null,
        event.json,
      )
    }
  }

  /** A page of one trail, or of all trails of the account merged, newest first. */
  lookUp(query: EventQuery, after: EventCursor | undefined): EventPage {
    const asked: EventAsked = {
      attribute: query.attribute,
      from: query.from ?? Number.MIN_SAFE_INTEGER,
      before: after ?? { time: query.to ?? Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER },
      limit: query.limit + 1, // one more than a page tells whether another follows
    }
    const found = this.#trails
      .numbers(query.account, query.region)
      .flatMap((trail) => this.#index.find(trail, asked))
      .sort(newestFirst)
    const page = found.slice(0, query.limit)
    const events = page.map(({ sequence }) => eventOf(this.#get.get(sequence)))
    const last = page.at(-1)
    return last && found.length > page.length ? { events, next: formatCursor(last) } : { events }
  }

  after(
    sequence: number,
    limit: number,
  ): { readonly events: readonly StoredEvent[]; readonly sequence: number } {
    const rows = this.#after.all(sequence, limit)
    return { events: rows.map(eventOf), sequence: Number(rows.at(-1)?.sequence ?? sequence) }
  }

  /** Deletes up to `limit` events older than an instant and returns how many it found. */
  forget(before: number, limit: number): number {
    while (this.index());
    const old = this.#index.older(before, limit)
    for (const sequence of old) {
      this.#index.delete(sequence)
      this.#delete.run(sequence)
    }
    return old.length
  }

  /** Brings the index forward by some events; true where more are left. */
  index(): boolean {
    return this.#index.advance()
  }

  /** How many events the index is behind. */
  get unindexed(): number {
    return this.#index.behind
  }

  /** Empties everything. Sequence numbers go on: who follows them misses nothing that comes after. */
  clear(): void {
    this.#connection.exec('DELETE FROM events')
    this.#index.clear()
    this.#trails.clear()
  }

  /** To be called where a transaction was rolled back. */
  forgetRemembered(): void {
    this.#trails.forgetNumbers()
    this.#index.forgetRemembered()
  }
}

function newestFirst(a: EventCursor, b: EventCursor): number {
  return b.time - a.time || b.sequence - a.sequence
}

function eventOf(found: unknown): StoredEvent {
  const row = found as EventRow // what `select` names, in the types of a STRICT table
  return {
    account: row.account,
    region: row.region,
    id: row.id,
    time: row.time,
    name: row.name,
    source: row.source,
    username: row.username ?? undefined,
    accessKeyId: row.access_key_id ?? undefined,
    readOnly: row.read_only === 1,
    errorCode: row.error_code ?? undefined,
    resources: row.resources === null ? [] : JSON.parse(row.resources),
    json: row.json,
  }
}
