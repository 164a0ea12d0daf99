import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCursor, isEventCursor, isNewer, parseCursor } from './cursor.ts'

test('a cursor is its time and its sequence number, both numbers that are exact', () => {
  for (const cursor of [
    { time: 0, sequence: 0 },
    { time: -1, sequence: 7 },
    { time: Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER },
  ])
    assert.deepEqual(parseCursor(formatCursor(cursor)), cursor)
  assert.equal(formatCursor({ time: 12, sequence: 3 }), '12.3')
  for (const wrong of [
    '',
    '1',
    '1.',
    '.1',
    '1.-1',
    'x1.1',
    '1.1x',
    '1.1.1',
    '9007199254740992.1',
    '1.9007199254740992',
    '12345678901234567.1',
    '1.12345678901234567',
  ])
    assert.deepEqual([parseCursor(wrong), isEventCursor(wrong)], [undefined, false], wrong)
  assert.equal(isEventCursor('1.1'), true)
})

test('the later event comes before the earlier one; at one instant the one that was stored later', () => {
  const cursor = (time: number, sequence: number) => ({ time, sequence })
  assert.equal(isNewer(cursor(2, 1), cursor(1, 2)), true)
  assert.equal(isNewer(cursor(1, 2), cursor(2, 1)), false)
  assert.equal(isNewer(cursor(1, 2), cursor(1, 1)), true)
  assert.equal(isNewer(cursor(1, 1), cursor(1, 2)), false)
  assert.equal(isNewer(cursor(1, 1), cursor(1, 1)), false)
})
