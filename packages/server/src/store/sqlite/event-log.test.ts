import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { packEvents } from '../events/chunk.ts'
import type { StoredEvent } from '../types.ts'
import { connectMemory } from './connection.ts'
import { EventTable } from './events.ts'
import type { SequenceForgetting } from './positions.ts'

const event = (n: number): StoredEvent => ({
  account: '111111111111' as AccountId, // twelve digits
  region: 'us-east-1',
  id: `e${n}`,
  time: 10 * n,
  name: 'GetRole',
  source: 'iam.amazonaws.com',
  username: undefined,
  accessKeyId: undefined,
  readOnly: true,
  errorCode: undefined,
  resources: [],
  json: `{"n":${n}}`,
})

const packOf = (numbers: readonly number[]) => packEvents(numbers.map(event))[0]!

/** The ids of all events after a sequence number, and the number of the last. */
function shown(table: EventTable, sequence = 0): readonly unknown[] {
  const found = table.after(sequence, 100)
  return [...found.events.map(({ id }) => id), found.sequence]
}

function forget(table: EventTable, forgetting: SequenceForgetting): number {
  let sum = 0
  for (let more = true; more; ) {
    const step = table.forget(forgetting)
    sum += step.forgotten
    more = step.more
  }
  return sum
}

test('events that are added are consecutive, and no number is used twice', () => {
  const table = new EventTable(connectMemory(), 10)
  assert.equal(table.last(), 0)
  table.add([packOf([1, 2, 3])])
  table.add([packOf([4])])
  assert.equal(table.last(), 4)
  assert.deepEqual(shown(table), ['e1', 'e2', 'e3', 'e4', 4])
  assert.deepEqual(shown(table, 2), ['e3', 'e4', 4])
  table.clear()
  assert.deepEqual([shown(table), table.last()], [[0], 4])
  table.add([packOf([5])])
  assert.deepEqual(shown(table), ['e5', 5])
})

for (const blocks of [false, true])
  test(`events are forgotten by their time and by their number, those that are left keep theirs, blocks: ${blocks}`, () => {
    const connection = connectMemory()
    const table = new EventTable(connection, 3)
    const again = () => new EventTable(connection, 3)
    for (const numbers of [[1, 2, 3], [4, 5], [6]]) table.add([packOf(numbers)])
    if (blocks) for (let n = 0; n < 2; n++) table.seal()
    assert.equal(forget(table, { before: 20, upTo: 0 }), 1)
    assert.deepEqual(shown(again()), ['e2', 'e3', 'e4', 'e5', 'e6', 6])
    assert.equal(forget(table, { before: 0, upTo: 3 }), 2)
    assert.deepEqual(shown(again()), ['e4', 'e5', 'e6', 6])
    assert.equal(forget(table, { before: 45, upTo: 3 }), 1)
    assert.deepEqual(shown(again()), ['e5', 'e6', 6])
    const { text } = connection.prepare('SELECT CAST(events AS TEXT) AS text FROM event_chunks').get()!
    assert.ok(!String(text).includes('e4'), 'its text is gone from the file')
    assert.equal(forget(table, { before: 1_000, upTo: 0 }), 2)
    assert.deepEqual([shown(again()), again().last()], [[0], 6])
    for (const name of ['event_chunks', 'event_blocks', 'event_terms'])
      assert.equal(connection.prepare(`SELECT count(*) AS count FROM ${name}`).get()?.count, 0, name)
  })
