import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { type EventCursor, parseCursor } from '../cursor.ts'
import { EventChunk, packEvents } from '../events/chunk.ts'
import type { EventQuery, StoredEvent } from '../types.ts'
import { connectMemory } from './connection.ts'
import { Database } from './database.ts'
import { EventTable } from './events.ts'

const account = '111111111111' as AccountId // twelve digits

function eventOf(given: Partial<StoredEvent>): StoredEvent {
  return {
    account,
    region: 'us-east-1',
    id: `event-${given.time}`,
    time: 0,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: '{}',
    ...given,
  }
}

function record(database: Database, events: readonly StoredEvent[]): void {
  const { answers } = database.run([{ verb: 'record', events: packEvents(events), denials: [] }])
  assert.ok(answers[0]?.ok)
}

/** What pages of a query open and parse at most, each page by a store that has nothing open. */
function readsOfPages(t: TestContext, connection: DatabaseSync, query: Partial<EventQuery>) {
  let [opened, parsed, after] = [0, 0, undefined as EventCursor | undefined]
  for (let page = 0; page < 3; page++) {
    const table = new EventTable(connection, 1024)
    table.lookUp({ account, limit: 1 }, undefined) // it reads the tail
    const opens = t.mock.method(EventChunk, 'open')
    const parses = t.mock.method(JSON, 'parse')
    const { events, next } = table.lookUp({ account, limit: 50, to: 3_000, ...query }, after)
    opened = Math.max(opened, opens.mock.callCount())
    parsed = Math.max(parsed, parses.mock.callCount())
    opens.mock.restore()
    parses.mock.restore()
    assert.ok(page > 0 || events.length === 50)
    if (next === undefined) break
    after = parseCursor(next)
  }
  return { opened, parsed }
}

test('a page opens few more chunks than it shows events, and parses only their heads, however many events there are', (t) => {
  const connection = connectMemory()
  const database = new Database(connection)
  const names = ['GetRole', 'CreateRole', 'ListRoles', 'AssumeRole']
  const event = (n: number) => ({
    ...eventOf({ time: n, name: names[n % 4]!, username: `u${n % 50}` }),
    resources: [{ type: 'AWS::IAM::Role', name: `r${n % 21}` }],
  })
  const queries: Record<string, Partial<EventQuery> & { opens: number; parses: number }> = {
    'by user': { attribute: { key: 'Username', value: 'u7' }, opens: 56, parses: 60 },
    'by user and region': {
      region: 'us-east-1',
      attribute: { key: 'Username', value: 'u7' },
      opens: 56,
      parses: 60,
    },
    // each event in another chunk, and some chunks at the edge of the page whose event is not on it
    'by resource': { attribute: { key: 'ResourceName', value: 'r7' }, opens: 56, parses: 66 },
    'by name': { attribute: { key: 'EventName', value: 'ListRoles' }, opens: 56, parses: 130 },
    'of an old time': { to: 2_500, opens: 12, parses: 260 },
  }
  let made = 0
  for (const most of [6_144, 8_192]) {
    for (; made < most; made += 64)
      record(
        database,
        Array.from({ length: 64 }, (_, n) => event(made + n)),
      )
    while (database.index());
    for (const [name, { opens, parses, ...query }] of Object.entries(queries)) {
      const { opened, parsed } = readsOfPages(t, connection, query)
      assert.ok(opened <= opens, `${name}: ${opened} chunks opened of ${made} events`)
      assert.ok(parsed <= parses, `${name}: ${parsed} heads parsed of ${made} events`)
    }
  }
  const count = (sql: string) => Number(connection.prepare(sql).get()?.count)
  assert.ok(count('SELECT count(*) AS count FROM event_blocks WHERE length(dictionary) > 0') >= 4)
})

test('a block is made of four blocks of new events, and not before, also after a restart', () => {
  for (const restarts of [false, true]) {
    const connection = connectMemory()
    let database = new Database(connection, 10)
    const blocks = () => Number(connection.prepare('SELECT count(*) AS count FROM event_blocks').get()?.count)
    for (let time = 1; time <= 40; time++) {
      assert.equal(blocks(), 0)
      record(database, [eventOf({ time })])
      if (restarts) database = new Database(connection, 10)
      database.index()
    }
    assert.equal(blocks(), 1)
    assert.equal(connection.prepare('SELECT last FROM event_blocks').get()?.last, 10)
  }
})
