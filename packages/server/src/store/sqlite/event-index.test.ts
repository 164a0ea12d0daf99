import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { packEvents } from '../events/chunk.ts'
import { termsSought } from '../events/terms.ts'
import type { StoredEvent } from '../types.ts'
import { connectMemory } from './connection.ts'
import { Database } from './database.ts'

const account = '111111111111' as AccountId // twelve digits

function event(given: Partial<StoredEvent>): StoredEvent {
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

test('the events of one caller of fifty are in at most two chunks of a block', () => {
  const connection = connectMemory()
  const database = new Database(connection)
  const events = Array.from({ length: 8192 }, (_, n) => event({ time: n, username: `u${n % 50}` }))
  for (let at = 0; at < events.length; at += 16) record(database, events.slice(at, at + 16))
  while (database.index());
  const count = (sql: string, ...values: number[]) => Number(connection.prepare(sql).get(...values)?.count)
  const [term] = termsSought({ account, attribute: { key: 'Username', value: 'u7' }, limit: 1 })
  const blocks = count('SELECT count(*) AS count FROM event_blocks')
  assert.ok(blocks >= 4)
  const chunks = count(
    `SELECT count(*) AS count FROM event_terms, json_each('[' || backs || ']') WHERE term = ?`,
    term!,
  )
  assert.ok(chunks <= 2 * blocks, `${chunks} chunks in ${blocks} blocks`)
  // small transactions were put together
  assert.ok(
    count('SELECT count(*) AS count FROM event_chunks') < 24 * blocks + (8192 - 1024 * blocks) / 16 + 1,
  )
})

test('a block is made of four blocks of new events, and not before, also after a restart', () => {
  for (const restarts of [false, true]) {
    const connection = connectMemory()
    let database = new Database(connection, 10)
    const blocks = () => Number(connection.prepare('SELECT count(*) AS count FROM event_blocks').get()?.count)
    for (let time = 1; time <= 40; time++) {
      assert.equal(blocks(), 0)
      record(database, [event({ time })])
      if (restarts) database = new Database(connection, 10)
      database.index()
    }
    assert.equal(blocks(), 1)
    assert.equal(connection.prepare('SELECT last FROM event_blocks').get()?.last, 10)
  }
})
