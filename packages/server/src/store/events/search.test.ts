import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AccountId } from '../../base/index.ts'
import { connectMemory } from '../sqlite/connection.ts'
import { Database } from '../sqlite/database.ts'
import type { EventSearch, EventSearchStep, StoredEvent } from '../types.ts'
import { packEvents } from './chunk.ts'

const alpha = '111111111111' as AccountId // twelve digits
const beta = '222222222222' as AccountId // twelve digits

const given = fc.record({
  account: fc.constantFrom(alpha, alpha, beta),
  json: fc.constantFrom(
    '{"eventName":"ListRoles"}',
    '{"eventName":"GetRole","who":"Émile"}',
    '{"x":"お面 (a.b)"}',
    'x'.repeat(9_000),
  ),
  decision: fc.constantFrom(undefined, 'd-1', 'd-ROLES'),
})

const texts = fc.array(
  fc.uniqueArray(
    fc.constantFrom('listroles', 'roles', '"eventname":', 'émile', '面', '(a.b)', '(A.B', '.', 'x"', ''),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  { maxLength: 2 },
)

test('a search finds what a plain list contains, step by step, newest first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(given, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 }),
      texts,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 40 }),
      (lots, wanted, limit, upTo) => {
        const database = new Database(connectMemory())
        const kept: StoredEvent[] = []
        for (const lot of lots) {
          const events = lot.map((one, at) => event(one, kept.length + at))
          kept.push(...events)
          database.run([{ verb: 'record', events: packEvents(events), denials: [] }])
        }
        while (database.index());
        for (let more = true; more; )
          more = (
            database.run([{ verb: 'forgetEvents', before: Number.NEGATIVE_INFINITY, upTo }]).answers[0] as {
              value: { more: boolean }
            }
          ).value.more
        const expected = kept
          .slice(upTo)
          .filter(
            ({ account, json, decision }) =>
              account === alpha &&
              wanted.every((group) =>
                group.some((text) =>
                  [json, decision ?? json].some((each) => each.toLowerCase().includes(text.toLowerCase())),
                ),
              ),
          )
          .reverse()
          .map(({ id }) => id)
        assert.deepEqual(searchAll(database, { account: alpha, texts: wanted, limit }), expected)
        database.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('a step looks at no more than some thousands of events, so that commits go between', () => {
  const database = new Database(connectMemory())
  const events = Array.from({ length: 10_000 }, (_, at) =>
    event({ account: alpha, json: '{}', decision: undefined }, at),
  )
  for (let at = 0; at < events.length; at += 1_000)
    database.run([{ verb: 'record', events: packEvents(events.slice(at, at + 1_000)), denials: [] }])
  let steps = 0
  let before: string | undefined
  do {
    const step: EventSearchStep = stepOf(database, {
      account: alpha,
      texts: [['nowhere']],
      limit: 10,
      ...(before === undefined ? {} : { before }),
    })
    assert.ok(step.seen <= 3_300)
    steps++
    before = step.before
  } while (before !== undefined)
  assert.ok(steps >= 4)
  database.close()
})

function searchAll(database: Database, search: EventSearch): string[] {
  const found: string[] = []
  let before: string | undefined
  do {
    const step = stepOf(database, { ...search, ...(before === undefined ? {} : { before }) })
    assert.ok(step.events.length <= search.limit)
    found.push(...step.events.map(({ event: { id } }) => id))
    before = step.before
  } while (before !== undefined)
  return found
}

function stepOf(database: Database, search: EventSearch): EventSearchStep {
  const answer = database.run([{ verb: 'searchEvents', search }]).answers[0]!
  assert.ok(answer.ok)
  return answer.value as EventSearchStep // the verb's answer
}

function event(
  { account, json, decision }: { account: AccountId; json: string; decision: string | undefined },
  number: number,
): StoredEvent {
  return {
    account,
    region: 'us-east-1',
    id: `event-${number}`,
    time: 1_700_000_000_000 + number,
    name: 'A',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json,
    ...(decision === undefined ? {} : { decision }),
  }
}
