import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import { type EventCursor, formatCursor } from '../cursor.ts'
import type { EventPage, EventQuery, StoredEvent } from '../types.ts'

type Attribute = NonNullable<EventQuery['attribute']>

/** How many trail numbers are remembered between transactions. */
const trailsRemembered = 10_000

const columns = `events.sequence, events.trail, events.time, events.id, name, source, username, access_key_id, read_only,
  error_code, resources, json, trails.account, trails.region`

/** What every look-up bounds: the trail, the time, and the place where the page before ended. */
const window = (table: string) =>
  `${table}.trail = ? AND ${table}.time >= ? AND (${table}.time, ${table}.sequence) < (?, ?)`

const newest = (table: string) => `ORDER BY ${table}.time DESC, ${table}.sequence DESC LIMIT ?`

const byColumn = (condition: string) =>
  `SELECT ${columns} FROM events JOIN trails ON trails.number = events.trail
   WHERE ${window('events')} ${condition} ${newest('events')}`

const byResource = `SELECT ${columns} FROM event_resources AS found
  CROSS JOIN events ON events.sequence = found.sequence
  CROSS JOIN trails ON trails.number = found.trail
  WHERE ${window('found')} AND found.attribute = ? AND found.value = ? ${newest('found')}`

/** How each attribute is looked up: the statement, and what it binds for a value. */
const lookUps: Readonly<
  Record<
    Attribute['key'] | 'any',
    { readonly sql: string; readonly bind: (value: string) => SQLInputValue[] }
  >
> = {
  any: { sql: byColumn(''), bind: () => [] },
  EventId: { sql: byColumn('AND events.id = ?'), bind: (value) => [value] },
  EventName: { sql: byColumn('AND events.name = ?'), bind: (value) => [value] },
  EventSource: { sql: byColumn('AND events.source = ?'), bind: (value) => [value] },
  Username: { sql: byColumn('AND events.username = ?'), bind: (value) => [value] },
  AccessKeyId: { sql: byColumn('AND events.access_key_id = ?'), bind: (value) => [value] },
  ReadOnly: { sql: byColumn('AND events.read_only = ?'), bind: (value) => [readOnlyColumn(value)] },
  ResourceType: { sql: byResource, bind: (value) => ['type', value] },
  ResourceName: { sql: byResource, bind: (value) => ['name', value] },
}

/** `true` and `false` as they are kept; any other text is no event's. */
function readOnlyColumn(value: string): number {
  return value === 'true' ? 1 : value === 'false' ? 0 : -1
}

interface EventRow {
  readonly sequence: number
  readonly trail: number
  readonly time: number
  readonly id: string
  readonly name: string
  readonly source: string
  readonly username: string | null
  readonly access_key_id: string | null
  readonly read_only: number
  readonly error_code: string | null
  readonly resources: string | null
  readonly json: string
  readonly account: AccountId
  readonly region: string
}

/** The events of all trails, in the order kept and by what look-ups ask. */
export class EventTable {
  readonly #connection: DatabaseSync
  readonly #insert: StatementSync
  readonly #insertResource: StatementSync
  readonly #deleteResource: StatementSync
  readonly #trail: StatementSync
  readonly #trailsOf: StatementSync
  readonly #addTrail: StatementSync
  readonly #after: StatementSync
  readonly #old: StatementSync
  readonly #delete: StatementSync
  readonly #lookUps = new Map<string, StatementSync>()
  readonly #trailNumbers = new Map<string, number>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#insert = connection.prepare(
      `INSERT INTO events (trail, time, id, name, source, username, access_key_id, read_only, error_code, resources, json)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    // Two resources of one type make one entry: the event is found once.
    this.#insertResource = connection.prepare(
      'INSERT OR IGNORE INTO event_resources (trail, attribute, value, time, sequence) VALUES (?, ?, ?, ?, ?)',
    )
    this.#deleteResource = connection.prepare(
      'DELETE FROM event_resources WHERE trail = ? AND attribute = ? AND value = ? AND time = ? AND sequence = ?',
    )
    this.#trail = connection.prepare('SELECT number FROM trails WHERE account = ? AND region = ?')
    this.#trailsOf = connection.prepare('SELECT number FROM trails WHERE account = ?')
    this.#addTrail = connection.prepare('INSERT INTO trails (account, region) VALUES (?, ?) RETURNING number')
    this.#after = connection.prepare(
      `SELECT ${columns} FROM events JOIN trails ON trails.number = events.trail
       WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    )
    this.#old = connection.prepare(
      `SELECT events.sequence, events.trail, time, resources FROM trails CROSS JOIN events ON events.trail = trails.number
       WHERE time < ? LIMIT ?`,
    )
    this.#delete = connection.prepare('DELETE FROM events WHERE sequence = ?')
  }

  add(events: readonly StoredEvent[]): undefined {
    for (const event of events) {
      const trail = this.#trailNumber(event.account, event.region)
      const { lastInsertRowid } = this.#insert.run(
        trail,
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
      for (const { type, name } of event.resources) {
        this.#insertResource.run(trail, 'type', type, event.time, lastInsertRowid)
        this.#insertResource.run(trail, 'name', name, event.time, lastInsertRowid)
      }
    }
  }

  /** A page of one trail, or of all trails of the account merged, newest first. */
  lookUp(query: EventQuery, after: EventCursor | undefined): EventPage {
    const { sql, bind } = lookUps[query.attribute?.key ?? 'any']
    const statement = this.#lookUpStatement(sql)
    const from = query.from ?? Number.MIN_SAFE_INTEGER
    const end = after ?? { time: query.to ?? Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER }
    const values = bind(query.attribute?.value ?? '')
    const found = this.#trailsAsked(query).flatMap((trail) =>
      // One more than asked tells whether another page follows.
      rows(statement.all(trail, from, end.time, end.sequence, ...values, query.limit + 1)),
    )
    const page = found.sort(newestFirst).slice(0, query.limit)
    const last = page.at(-1)
    const events = page.map(eventOf)
    return last && found.length > page.length ? { events, next: formatCursor(last) } : { events }
  }

  after(
    sequence: number,
    limit: number,
  ): { readonly events: readonly StoredEvent[]; readonly sequence: number } {
    const found = rows(this.#after.all(sequence, limit))
    return { events: found.map(eventOf), sequence: found.at(-1)?.sequence ?? sequence }
  }

  /** Deletes up to `limit` events older than an instant and returns how many it found. */
  forget(before: number, limit: number): number {
    const old = rows(this.#old.all(before, limit))
    for (const { sequence, trail, time, resources } of old) {
      for (const { type, name } of resourcesOf(resources)) {
        this.#deleteResource.run(trail, 'type', type, time, sequence)
        this.#deleteResource.run(trail, 'name', name, time, sequence)
      }
      this.#delete.run(sequence)
    }
    return old.length
  }

  /** Empties everything. Sequence numbers go on: who follows them misses nothing that comes after. */
  clear(): void {
    this.#connection.exec('DELETE FROM events; DELETE FROM event_resources; DELETE FROM trails')
    this.forgetCached()
  }

  /** To be called where a transaction was rolled back: a remembered trail may be gone with it. */
  forgetCached(): void {
    this.#trailNumbers.clear()
  }

  #trailsAsked({ account, region }: EventQuery): number[] {
    const found = region === undefined ? this.#trailsOf.all(account) : this.#trail.all(account, region)
    return found.map((row) => Number(row.number))
  }

  #trailNumber(account: AccountId, region: string): number {
    const key = `${account} ${region}`
    const known = this.#trailNumbers.get(key)
    if (known !== undefined) return known
    const row = this.#trail.get(account, region) ?? this.#addTrail.get(account, region)
    const number = Number(row?.number)
    if (this.#trailNumbers.size >= trailsRemembered) this.#trailNumbers.clear()
    this.#trailNumbers.set(key, number)
    return number
  }

  #lookUpStatement(sql: string): StatementSync {
    const known = this.#lookUps.get(sql)
    if (known) return known
    const statement = this.#connection.prepare(sql)
    this.#lookUps.set(sql, statement)
    return statement
  }
}

function rows(found: unknown[]): EventRow[] {
  return found as EventRow[] // the statements select these columns, and STRICT tables keep their types
}

function newestFirst(a: EventRow, b: EventRow): number {
  return b.time - a.time || b.sequence - a.sequence
}

function eventOf(row: EventRow): StoredEvent {
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
    resources: resourcesOf(row.resources),
    json: row.json,
  }
}

function resourcesOf(json: string | null): StoredEvent['resources'] {
  return json === null ? [] : JSON.parse(json)
}
