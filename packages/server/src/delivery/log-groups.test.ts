import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredEvent } from '../store/index.ts'
import { batchesOf } from './index.ts'

const hour = 3_600_000
const event = (time: number, json = '{}') => ({ time, json }) as StoredEvent

test('what one PutLogEvents takes (TRL-122)', () => {
  const times = (events: readonly StoredEvent[]) =>
    batchesOf(events).map((batch) => batch.map(({ timestamp }) => timestamp))
  assert.deepEqual(times([event(3), event(1), event(2)]), [[1, 2, 3]], 'in the order of time')
  assert.deepEqual(times([event(0), event(24 * hour - 1), event(24 * hour)]), [
    [0, 24 * hour - 1],
    [24 * hour],
  ])
  const many = Array.from({ length: 10_001 }, (_, time) => event(time))
  assert.deepEqual(
    batchesOf(many).map(({ length }) => length),
    [10_000, 1],
  )
  const large = 'x'.repeat(262_144 - 26)
  const sizes = batchesOf([0, 1, 2, 3, 4].map((time) => event(time, large))).map(({ length }) => length)
  assert.deepEqual(sizes, [4, 1], 'a mebibyte with what each event adds')
  assert.deepEqual(batchesOf([event(0, `${large}x`)]), [], 'too long for an event')
})
