/**
 * The history of events beside an ordinary table with ordinary indexes: the same events in one run. The table is asked in this
 * process, the store in its thread.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type EventQuery,
  openPgStore,
  openSqliteStore,
  type StoredEvent,
} from '../../packages/server/src/store/index.ts'
import { startDatabase } from './nodes-house.ts'
import { account, event } from './store.ts'

const events = Number(process.env.BENCH_EVENTS ?? 60_000)
/** Events of a transaction, and how many of all are written so. */
const batches = [
  { size: 200, share: 0.9 },
  { size: 16, share: 0.1 },
] as const
const rounds = 15
const pages = 8
const pageSize = 50

type Query = Pick<EventQuery, 'attribute' | 'region' | 'to'>

/** Returns the end of a time that is half of the events ago. */
function middle(all: readonly StoredEvent[]): number {
  return all[Math.floor(all.length / 2)]!.time
}

/** One form of a history. */
interface Form {
  write(events: readonly StoredEvent[]): Promise<unknown> | unknown
  /** Returns a page, and what continues after it. */
  page(query: Query, after: string | undefined): Promise<Page> | Page
  /** Microseconds of processor time that writing has taken. */
  spent(): Promise<number> | number
  bytes(): number
  close(): Promise<void> | void
}

interface Page {
  readonly events: readonly StoredEvent[]
  readonly next?: string
}

/** Prints what both take, and how many times as long a page of the store takes. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-'))
  try {
    const forms = { store: await storeForm(folder), table: tableForm(folder) }
    const all = Array.from({ length: events }, (_, n) => event(n))
    for (const { size, share } of batches) {
      const some = all.splice(0, Math.ceil(events * share))
      const took = { store: 0, table: 0 }
      for (const name of ['store', 'table'] as const) {
        const before = await forms[name].spent()
        for (let n = 0; n < some.length; n += size) await forms[name].write(some.slice(n, n + size))
        await sleep(1_000) // the store's thread makes blocks when it has nothing else to do
        took[name] = ((await forms[name].spent()) - before) / some.length
      }
      line(`an event written, ${size} together`, took.store, took.table, 'µs')
      all.push(...some)
    }
    await timed(forms.store, {}) // warms up
    const queries: Record<string, Query> = {
      'by user': { attribute: { key: 'Username', value: 'user-7' } },
      'by user and region': { region: 'us-east-1', attribute: { key: 'Username', value: 'user-7' } },
      'by resource': {
        attribute: { key: 'ResourceName', value: `arn:aws:iam::${account}:role/role-78` },
      },
      'by event name': { attribute: { key: 'EventName', value: 'CreateRole' }, to: middle(all) },
      'by access key': { attribute: { key: 'AccessKeyId', value: 'AKIAIOSFODNN7EXAMP07' } },
      'without attribute, the newest': {},
      'without attribute, of an old time': { to: middle(all) },
    }
    for (const [name, query] of Object.entries(queries)) {
      const store = await timed(forms.store, query)
      const table = await timed(forms.table, query)
      if (store.found !== table.found) throw new Error(`${name}: ${store.found} and ${table.found} events`)
      line(`first page ${name}`, store.first, table.first, 'ms')
      if (store.later > 0) line(`the pages after it, ${name}`, store.later, table.later, 'ms')
    }
    await forms.store.close()
    forms.table.close()
    line('an event in the file', forms.store.bytes() / events, forms.table.bytes() / events, 'bytes')
  } finally {
    rmSync(folder, { recursive: true })
  }
  for (const size of [1, 4, 16, 200]) await sizesInPostgres(size)
}

/** Events that PostgreSQL keeps, and how many are recorded between two rounds of upkeep. */
const inPostgres = { events: 40_960, round: 2_048 } as const

/**
 * What an event takes in PostgreSQL, so many in a statement: as it came, and after upkeep. The space of merged rows is used again: the
 * second half of the events says what each takes.
 */
async function sizesInPostgres(size: number): Promise<void> {
  await using postgres = await startDatabase()
  const bytes = () =>
    Number(
      postgres.sql(`SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'omen' AND c.relkind = 'r' AND c.relname LIKE 'event%'`),
    )
  const store = await openPgStore({ url: postgres.url(), eventsInBlock: inPostgres.round })
  let [came, half, micros] = [0, 0, 0]
  for (let from = 0; from < inPostgres.events; from += inPostgres.round) {
    for (let at = from; at < from + inPostgres.round; at += size) {
      const most = Math.min(size, from + inPostgres.round - at)
      if (at + most === inPostgres.round) came = bytes() / at
      await store.record(Array.from({ length: most }, (_, n) => event(at + n)))
    }
    const before = process.cpuUsage()
    await store.tidyUp()
    const { user, system } = process.cpuUsage(before)
    micros += user + system
    postgres.sql('VACUUM')
    if (from + inPostgres.round === inPostgres.events / 2) half = bytes()
  }
  const after = ((bytes() - half) / (inPostgres.events / 2)).toFixed(0)
  const space = (bytes() / 1e6 - (Number(after) * inPostgres.events) / 1e6).toFixed(1)
  await store.close()
  const upkeep = (micros / inPostgres.events).toFixed(1)
  console.log(
    `${`an event in PostgreSQL, ${size} in a statement`.padEnd(52)} ${came.toFixed(0)} bytes as it came, ${after} after ${upkeep} µs of upkeep, beside ${space} MB`,
  )
}

function line(name: string, store: number, table: number, unit: string): void {
  const digits = unit === 'bytes' ? 0 : 2
  console.log(
    `${name.padEnd(52)} ${store.toFixed(digits)} ${unit}, table ${table.toFixed(digits)} ${unit}: ${(store / table).toFixed(1)} times`,
  )
}

/** The medians of first pages and of those after them: milliseconds of processor time of all threads, the answer's copy included. */
async function timed(form: Form, query: Query) {
  const [first, later]: [number[], number[]] = [[], []]
  let found = 0
  for (let round = 0; round < rounds; round++) {
    let after: string | undefined
    for (let page = 0; page < pages; page++) {
      const before = process.cpuUsage()
      const { events, next } = await form.page(query, after)
      const { user, system } = process.cpuUsage(before)
      const times = page === 0 ? first : later
      times.push((user + system) / 1_000)
      found += events.length
      after = next
      if (next === undefined) break
    }
  }
  return { first: median(first), later: later.length === 0 ? 0 : median(later), found }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}

async function storeForm(folder: string): Promise<Form> {
  const file = join(folder, 'store.db')
  const store = await openSqliteStore({ file })
  return {
    write: (events) => store.record(events),
    page: (query, after) =>
      store.lookUpEvents({ account, limit: pageSize, ...query, ...(after && { after }) }),
    spent: () => store.processorTime(),
    bytes: () => statSync(file).size,
    close: () => store.close(),
  }
}

/** Columns that look-ups search, each with an index. */
const searched = {
  EventId: 'id',
  EventName: 'name',
  EventSource: 'source',
  Username: 'username',
  AccessKeyId: 'access_key',
  ReadOnly: 'read_only',
} as const

function tableForm(folder: string): Form {
  const file = join(folder, 'table.db')
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192;
    CREATE TABLE events (
      number INTEGER PRIMARY KEY, account TEXT, region TEXT, id TEXT, time INTEGER, name TEXT, source TEXT, username TEXT,
      access_key TEXT, read_only TEXT, error TEXT, resources TEXT, json TEXT
    ) STRICT;
    CREATE INDEX events_by_time ON events (account, time, number);
    ${Object.values(searched)
      .map((column) => `CREATE INDEX events_by_${column} ON events (account, ${column}, time, number);`)
      .join('\n')}
    CREATE TABLE resources (account TEXT, name TEXT, time INTEGER, number INTEGER) STRICT;
    CREATE INDEX resources_by_name ON resources (account, name, time, number);
  `)
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const insertResource = database.prepare('INSERT INTO resources VALUES (?, ?, ?, ?)')
  let [last, spent] = [0, 0]
  const put = (one: StoredEvent) => {
    const { region, id, time, name, source, username = null, accessKeyId = null, resources, json } = one
    const [flat, error] = [JSON.stringify(resources), one.errorCode ?? null]
    const readOnly = String(one.readOnly)
    insert.run(
      ++last,
      account,
      region,
      id,
      time,
      name,
      source,
      username,
      accessKeyId,
      readOnly,
      error,
      flat,
      json,
    )
    for (const resource of resources) insertResource.run(account, resource.name, time, last)
  }
  return {
    write: (events) => {
      const before = process.cpuUsage()
      database.exec('BEGIN')
      for (const one of events) put(one)
      database.exec('COMMIT')
      const { user, system } = process.cpuUsage(before)
      spent += user + system
    },
    page: ({ attribute, region, to = Number.MAX_SAFE_INTEGER }, after) => {
      const [time, number] = after?.split('.').map(Number) ?? [to + 1, 0]
      const isResource = attribute?.key === 'ResourceName'
      const column = attribute && searched[attribute.key as keyof typeof searched] // resources are apart
      const rows = database
        .prepare(
          `SELECT e.* FROM ${isResource ? 'resources r JOIN events e ON e.number = r.number' : 'events e'}
            WHERE ${isResource ? 'r.account = ? AND r.name = ?' : 'e.account = ?'} ${column ? `AND e.${column} = ?` : ''}
            AND (${isResource ? 'r' : 'e'}.time, ${isResource ? 'r' : 'e'}.number) < (?, ?) ${region ? 'AND e.region = ?' : ''}
            ORDER BY ${isResource ? 'r.time DESC, r.number' : 'e.time DESC, e.number'} DESC LIMIT ${pageSize + 1}`,
        )
        .all(account, ...(attribute ? [attribute.value] : []), time!, number!, ...(region ? [region] : []))
      const shown = rows.slice(0, pageSize)
      // what the run does not read is missing
      const events = shown.map((row) => ({ ...row, resources: JSON.parse(String(row.resources)) }) as never)
      const end = rows.length > pageSize ? shown.at(-1) : undefined
      return end ? { events, next: `${end.time}.${end.number}` } : { events }
    },
    spent: () => spent,
    bytes: () => statSync(file).size,
    close: () => database.close(),
  }
}
