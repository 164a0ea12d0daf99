import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AccountId } from '../../base/index.ts'
import { EventColumns, valueColumns } from '../sqlite/event-columns.ts'
import { type EventHead, type HeadOrHole, hole } from '../sqlite/event-pack.ts'
import { Damage } from '../sqlite/failure.ts'
import { packColumns, unpackColumns } from './packed-columns.ts'

const text = fc.constantFrom('', 'GetRole', 'CreateRole', '111111111111', 'us-east-1', 'お面', 'user-7')
const time = fc.oneof(
  fc.integer({ min: 0, max: 2_000 }),
  fc.constantFrom(1_790_000_000_000, 0.5, -1, 2 ** 40, 1.5e12),
)

const head = fc
  .record({
    time,
    texts: fc.array(text, { minLength: 5, maxLength: 5 }),
    username: fc.option(text),
    key: fc.option(text),
    readOnly: fc.constantFrom<0 | 1>(0, 1),
    resources: fc.array(fc.tuple(text, text), { maxLength: 3 }),
    data: fc.constantFrom<0 | 1>(0, 1),
  })
  .map(({ time, texts, username, key, readOnly, resources, data }): EventHead => {
    const [account, region, id, name, source] = texts as [string, string, string, string, string]
    const start = [time, account as AccountId, region, id, name, source, username, key, readOnly] as const
    return [...start, null, resources.flat(), 2, null, null, data]
  })

const heads = fc.array(fc.oneof({ weight: 5, arbitrary: head }, fc.constant(hole)), {
  minLength: 1,
  maxLength: 150,
})

test('packed columns hold what events added one by one do', () => {
  fc.assert(
    fc.property(heads, heads, (first, second) => {
      const [expected, found] = [new EventColumns(1, 4), new EventColumns(1, 4)]
      for (const head of [...first, ...second]) expected.add(head)
      for (const lot of [first, second]) unpackColumns(packColumns(lot), found)
      assert.deepEqual(summary(found), summary(expected))
    }),
  )
})

test('columns that are damaged are refused', () => {
  const packed = packColumns(one(3))
  const pressed = packColumns(one(200))
  assert.ok(pressed.length < packed.length * 30, 'many events are compressed')
  for (const damaged of [
    packed.subarray(0, 8),
    packed.subarray(0, packed.length - 4),
    packed.subarray(0, packed.length - 1),
    pressed.subarray(0, pressed.length - 10),
    new Uint8Array(packed.length),
  ])
    assert.throws(() => unpackColumns(damaged, new EventColumns(1, 4)), Damage)
})

function one(count: number): readonly HeadOrHole[] {
  const account = '111111111111' as AccountId // twelve digits
  return Array.from(
    { length: count },
    (_, at): EventHead => [
      at,
      account,
      'us-east-1',
      `id-${at}`,
      'GetRole',
      'iam',
      null,
      null,
      1,
      null,
      [],
      2,
    ],
  )
}

function summary(columns: EventColumns) {
  const { first, last, count, events, fromTime, toTime } = columns
  const values = valueColumns.map((column) => columns.postings(column))
  return { first, last, count, events, fromTime, toTime, times: columns.times(), values }
}
