import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AccountId } from '../../base/index.ts'
import { packEvents } from '../events/chunk.ts'
import { termsSought } from '../events/terms.ts'
import type { EventQuery, StoredEvent } from '../types.ts'
import { connectMemory } from './connection.ts'
import { Database } from './database.ts'
import type { SequenceForgetting } from './positions.ts'
import type { Exchange, RequestOf, Verb } from './request.ts'

const alpha = '111111111111' as AccountId // twelve digits
const beta = '222222222222' as AccountId // twelve digits
let made = 0

/** Makes an event; a test gives only the members that matter. */
function event(given: Partial<StoredEvent> = {}): StoredEvent {
  return {
    account: alpha,
    region: 'us-east-1',
    id: `event-${made++}`,
    time: 1_700_000_000_000,
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

// Operations on a trail, in any order. Blocks are small, so that a few events fill some.
type Step =
  | { readonly step: 'record'; readonly events: readonly Given[] }
  | { readonly step: 'forget'; readonly before: number }
  | { readonly step: 'shrink'; readonly bytes: number }
  | { readonly step: 'lookUp'; readonly query: EventQuery }
  | { readonly step: 'index' | 'reopen' | 'reset' | 'fail' }

const given = fc.record({
  account: fc.constantFrom(alpha, alpha, beta),
  id: fc.constantFrom('e1', 'e2', 'e3'),
  region: fc.constantFrom('us-east-1', 'eu-west-1'),
  time: fc.integer({ min: 0, max: 20 }),
  name: fc.constantFrom('A', 'B', 'é'),
  source: fc.constantFrom('iam', 'sts'),
  username: fc.constantFrom('dev', '', '🎭', undefined),
  accessKeyId: fc.constantFrom('AKIA1', undefined),
  readOnly: fc.boolean(),
  errorCode: fc.constantFrom('AccessDenied', undefined),
  resources: fc.array(
    fc.record(
      { type: fc.constantFrom('T', 'U'), name: fc.constantFrom('x', 'y', 'é\n') },
      { noNullPrototype: true },
    ),
    { maxLength: 3 },
  ),
  json: fc.constantFrom('{}', '"é\n🎭"', '', 'x'.repeat(5000)),
  data: fc.constantFrom(undefined, undefined, true),
  decision: fc.constantFrom(undefined, 'd-1'),
})

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never

const attribute = fc.constantFrom<NonNullable<EventQuery['attribute']>>(
  { key: 'EventId', value: 'e2' },
  { key: 'EventName', value: 'A' },
  { key: 'EventName', value: 'é' },
  { key: 'EventSource', value: 'sts' },
  { key: 'Username', value: 'dev' },
  { key: 'Username', value: '' },
  { key: 'AccessKeyId', value: 'AKIA1' },
  { key: 'ReadOnly', value: 'true' },
  { key: 'ReadOnly', value: 'false' },
  { key: 'ResourceType', value: 'T' },
  { key: 'ResourceName', value: 'é\n' },
)

const query: fc.Arbitrary<EventQuery> = fc.record(
  {
    account: fc.constant(alpha),
    region: fc.constantFrom('us-east-1', 'eu-west-1'),
    from: fc.integer({ min: 0, max: 20 }),
    to: fc.integer({ min: 0, max: 20 }),
    attribute,
    data: fc.boolean(),
    limit: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: ['account', 'limit'] },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      step: fc.constant('record' as const),
      events: fc.oneof(
        fc.array(given, { minLength: 1, maxLength: 3 }),
        fc.array(given, { minLength: 10, maxLength: 30 }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('forget' as const),
      before: fc.integer({ min: 0, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('shrink' as const),
      bytes: fc.integer({ min: 0, max: 40_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ step: fc.constant('lookUp' as const), query }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ step: fc.constantFrom('index', 'index', 'reopen', 'fail', 'reset') }),
  },
)

test('look-ups and followers find what a plain list contains, however the events are stored', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(query, { minLength: 4, maxLength: 8 }),
      (steps, eventsInBlock, queries) => {
        const connection = connectMemory()
        let database = new Database(connection, eventsInBlock)
        let kept: StoredEvent[] = []
        for (const step of steps) {
          switch (step.step) {
            case 'record': {
              const events = step.events.map((one) => event(plain(one)))
              ask(database, { verb: 'record', events: packEvents(events), denials: [] })
              kept.push(...events)
              break
            }
            case 'forget': {
              const left = kept.filter(({ time }) => time >= step.before)
              assert.equal(forget(database, step), kept.length - left.length)
              kept = left
              break
            }
            case 'shrink': {
              const upTo = ask(database, { verb: 'eventsBeyond', bytes: step.bytes })
              const gone = forget(database, { upTo })
              assert.ok(upTo > 0 || gone === 0)
              // the oldest went
              kept = kept.slice(gone)
              assert.equal(
                ask(database, { verb: 'eventsAfter', sequence: upTo, limit: 1000 }).events.length,
                kept.length,
              )
              if (gone > 0) assert.ok(sizeOf(connection) <= step.bytes)
              break
            }
            case 'lookUp':
              assert.deepEqual(lookUpAll(database, step.query), plainly(kept, step.query))
              break
            case 'index':
              database.index()
              break
            case 'reopen':
              database = new Database(connection, eventsInBlock)
              break
            case 'reset':
              ask(database, { verb: 'reset' })
              kept = []
              break
            case 'fail':
              kept.push(event({ time: 7 }))
              refuse(database, kept.at(-1)!)
          }
        }
        for (const query of queries) {
          assert.deepEqual(lookUpAll(database, query), plainly(kept, query))
        }
        assert.deepEqual(followAll(database, 7), kept)
        connection.close()
      },
    ),
    { numRuns: 300 },
  )
})

/** Removes optional members that are undefined. */
function plain({ data, decision, ...rest }: Given): Partial<StoredEvent> {
  return { ...rest, ...(data && { data }), ...(decision !== undefined && { decision }) }
}

/** Returns the size of the chunks. */
function sizeOf(connection: DatabaseSync): number {
  return Number(connection.prepare('SELECT sum(length(events)) AS sum FROM event_chunks').get()?.sum)
}

/** The simple way: sort everything by time (of the same instant, the later stored first) and filter. */
function plainly(events: readonly StoredEvent[], query: EventQuery): StoredEvent[] {
  const { account, region, from = 0, to = 100, attribute, data = false } = query
  return events
    .toReversed()
    .sort((a, b) => b.time - a.time)
    .filter((one) => {
      if (one.account !== account || (region !== undefined && one.region !== region)) return false
      if (one.time < from || one.time > to || (one.data ?? false) !== data) return false
      if (attribute === undefined) return true
      const values: Record<typeof attribute.key, readonly (string | undefined)[]> = {
        EventId: [one.id],
        EventName: [one.name],
        EventSource: [one.source],
        Username: [one.username],
        AccessKeyId: [one.accessKeyId],
        ReadOnly: [String(one.readOnly)],
        ResourceType: one.resources.map(({ type }) => type),
        ResourceName: one.resources.map(({ name }) => name),
      }
      return values[attribute.key].includes(attribute.value)
    })
}

test('values that share their term with the one sought are not found for it', () => {
  const [one, other] = colliding()
  assert.equal(termOf(one), termOf(other))
  const database = new Database(connectMemory(), 100)
  const at = (username: string, time: number) => event({ username, time })
  const wanted = [at(one, 900), at(one, 100)]
  const others = Array.from({ length: 16_000 }, (_, n) => at(other, 200 + (n % 600)))
  ask(database, { verb: 'record', events: packEvents([...wanted, ...others]), denials: [] })
  while (database.index());
  const query: EventQuery = { account: alpha, attribute: { key: 'Username', value: one }, limit: 50 }
  // a page ends after a number of chunks without matches
  const { events, next } = ask(database, { verb: 'lookUpEvents', query, after: undefined })
  assert.deepEqual(events, wanted.slice(0, 1))
  assert.ok(next)
  assert.deepEqual(lookUpAll(database, query), wanted)
})

/** Two user names with the same term, found among a few hundred thousand. */
function colliding(): [string, string] {
  const seen = new Map<number, string>()
  for (;;) {
    const text = randomBytes(8).toString('base64')
    const same = seen.get(termOf(text))
    if (same !== undefined && same !== text) return [same, text]
    seen.set(termOf(text), text)
  }
}

function termOf(value: string): number {
  return termsSought({ account: alpha, attribute: { key: 'Username', value }, limit: 1 })[0]!
}

test('an event that is larger than a value may be takes nothing else down', () => {
  const database = new Database(connectMemory())
  const { answers } = database.run([
    { verb: 'record', events: packEvents([event({ id: 'small' })]), denials: [] },
    { verb: 'record', events: packEvents([event({ json: 'x'.repeat(17 * 1024 * 1024) })]), denials: [] },
    { verb: 'record', events: packEvents([event({ id: 'next' })]), denials: [] },
  ])
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, false, true],
  )
  assert.deepEqual(
    followAll(database, 10).map(({ id }) => id),
    ['small', 'next'],
  )
})

test('a chunk that is not what was written is damage, whatever is wrong with it', () => {
  const connection = connectMemory()
  const database = new Database(connection)
  const spoilt = [`'no heads'`, `'[1'`, `x'28b52ffd00'`, `zeroblob(5000)`, `substr(events, 1, 100)`, `x''`]
  for (const how of spoilt) {
    ask(database, {
      verb: 'record',
      events: packEvents([event({ json: 'x'.repeat(20_000) }), event()]),
      denials: [],
    })
    connection.exec(`UPDATE event_chunks SET events = CAST(${how} AS BLOB)`)
    const answer = database.run([{ verb: 'eventsAfter', sequence: 0, limit: 10 }]).answers[0]
    assert.ok(answer && !answer.ok && answer.damaged, how)
    ask(database, { verb: 'reset' })
  }
})

test('a block holds as many events as one transaction brings, and more become more blocks', () => {
  const database = new Database(connectMemory())
  const events = Array.from({ length: 70_000 }, (_, n) => event({ time: n, username: `u${n % 7}` }))
  ask(database, { verb: 'record', events: packEvents(events), denials: [] })
  for (const username of ['u0', 'u6']) {
    const query: EventQuery = { account: alpha, attribute: { key: 'Username', value: username }, limit: 1000 }
    const expected = events.filter((one) => one.username === username).toReversed()
    assert.deepEqual(ids(lookUpAll(database, query)), ids(expected))
    while (database.index());
  }
  assert.equal(forget(database, { before: 69_999 }), 69_999)
  assert.deepEqual(followAll(database, 10), events.slice(-1))
})

test('events that are forgotten are in no page, also of a chunk that a page has opened', () => {
  const database = new Database(connectMemory(), 10)
  const events = Array.from({ length: 60 }, (_, time) => event({ time }))
  for (const one of events) ask(database, { verb: 'record', events: packEvents([one]), denials: [] })
  while (database.index());
  const query: EventQuery = { account: alpha, limit: 100 }
  assert.equal(lookUpAll(database, query).length, 60)
  assert.equal(followAll(database, 100).length, 60)
  for (const before of [3, 14]) {
    forget(database, { before })
    assert.deepEqual(ids(lookUpAll(database, query)), ids(events.slice(before).toReversed()))
    assert.deepEqual(ids(followAll(database, 100)), ids(events.slice(before)))
  }
})

function ask<V extends Verb>(database: Database, request: RequestOf<V>): Exchange[V]['answers'] {
  const answer = database.run([request as never]).answers[0] // a verb's request is one of the union
  assert.ok(answer?.ok, JSON.stringify(answer))
  return answer.value as Exchange[V]['answers'] // the answer to that verb
}

/** A transaction is rolled back, and its valid part is stored by another. */
function refuse(database: Database, event: StoredEvent): void {
  const { answers } = database.run([
    { verb: 'record', events: packEvents([event]), denials: [] },
    // SQLite does not accept this name.
    { verb: 'swapSetting', name: undefined as never, before: undefined, after: '' },
  ])
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, false],
  )
}

function forget(
  database: Database,
  { before = Number.NEGATIVE_INFINITY, upTo = 0 }: Partial<SequenceForgetting>,
): number {
  let sum = 0
  for (;;) {
    const { forgotten, more } = ask(database, { verb: 'forgetEvents', before, upTo })
    sum += forgotten
    if (!more) return sum
  }
}

function lookUpAll(database: Database, query: EventQuery): StoredEvent[] {
  const found: StoredEvent[] = []
  let after: { time: number; sequence: number } | undefined
  for (;;) {
    const page = ask(database, { verb: 'lookUpEvents', query, after })
    assert.ok(page.events.length <= query.limit)
    found.push(...page.events)
    if (page.next === undefined) return found
    const [time, sequence] = page.next.split('.').map(Number)
    after = { time: time!, sequence: sequence! }
  }
}

function followAll(database: Database, limit: number): StoredEvent[] {
  const followed: StoredEvent[] = []
  for (let sequence = 0; ; ) {
    const page = ask(database, { verb: 'eventsAfter', sequence, limit })
    if (page.events.length === 0) return followed
    assert.ok(page.events.length <= limit)
    followed.push(...page.events)
    sequence = page.sequence
  }
}

function ids(events: readonly StoredEvent[]): string[] {
  return events.map(({ id }) => id)
}
