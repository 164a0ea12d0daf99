import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { type EventChunk, packEvents } from '../events/chunk.ts'
import { headOf } from '../events/head.ts'
import type { StoredEvent } from '../types.ts'
import { connectMemory } from './connection.ts'
import { EventLog } from './event-log.ts'
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
const partOf = (sequences: readonly number[]) => ({
  sequences,
  heads: sequences.map((n) => headOf(event(n))),
  text: packOf(sequences).text,
})

/** The events of chunks: sequence number and id, without those that were deleted. */
function shown(chunks: Iterable<EventChunk>): readonly string[] {
  return [...chunks].flatMap((chunk) =>
    Array.from({ length: chunk.count }, (_, place) => {
      const found = chunk.event(place)
      return found === undefined ? [] : [`${chunk.sequences[place]} ${found.id}`]
    }).flat(),
  )
}

test('events that are added are consecutive, and no number is used twice', () => {
  const log = new EventLog(connectMemory())
  assert.equal(log.last, 0)
  assert.deepEqual([log.append(packOf([1, 2, 3])).at(-1), log.append(packOf([4])).at(-1)], [3, 4])
  assert.deepEqual(shown(log.after(0)), ['1 e1', '2 e2', '3 e3', '4 e4'])
  assert.deepEqual(shown(log.after(3)), ['4 e4'])
  assert.deepEqual(shown(log.between(0, 3)), ['1 e1', '2 e2', '3 e3'])
  assert.deepEqual(shown(log.before(4, 0)), ['1 e1', '2 e2', '3 e3'])
  assert.deepEqual(
    [...log.before(9, 0)].map(({ last }) => last),
    [4, 3],
  )
  const { bytes, ...size } = log.size(0, 4)
  assert.ok(bytes > 0)
  assert.deepEqual({ ...size }, { events: 4, first: 1, from: 10, to: 40 })
  log.clear()
  assert.deepEqual([shown(log.after(0)), log.last, log.append(packOf([5])).at(-1)], [[], 4, 5])
  assert.equal({ ...log.size(0, 9) }.events, 1)
})

test('a chunk of a block keeps the numbers of its events and is found by the greatest', () => {
  const log = new EventLog(connectMemory())
  const dictionary = Buffer.from('"GetRole","iam.amazonaws.com"')
  log.putDictionary(6, dictionary)
  for (const sequences of [[1, 4, 6], [2, 3], [5]])
    assert.equal(log.put(partOf(sequences), dictionary), sequences.at(-1))
  assert.deepEqual(shown([log.at(6, 6)]), ['1 e1', '4 e4', '6 e6'])
  assert.deepEqual(shown([log.at(3, 6)]), ['2 e2', '3 e3'])
  assert.deepEqual(shown([log.at(5, 6)]), ['5 e5'])
  assert.equal(log.at(6, 6), log.at(6, 6))
  assert.deepEqual(shown(log.between(3, 6)), ['5 e5', '1 e1', '4 e4', '6 e6'])
  const { first, last, from, to } = log.at(6, 6)
  assert.deepEqual([first, last, from, to], [1, 6, 10, 60])
})

test('events are forgotten by their time and by their number, those that are left keep theirs', () => {
  const connection = connectMemory()
  const table = new EventTable(connection, 10)
  const log = () => new EventLog(connection)
  const forget = (forgetting: SequenceForgetting) => {
    let sum = 0
    for (let more = true; more; ) {
      const step = table.forget(forgetting)
      sum += step.forgotten
      more = step.more
    }
    return sum
  }
  table.add([packOf([1, 2, 3])])
  table.add([packOf([4, 5])])
  assert.equal(forget({ before: 20, upTo: 0 }), 1)
  assert.deepEqual(shown(log().after(0)), ['2 e2', '3 e3', '4 e4', '5 e5'])
  assert.equal(forget({ before: 0, upTo: 3 }), 2)
  assert.deepEqual(shown(log().after(0)), ['4 e4', '5 e5'])
  assert.deepEqual(
    [...log().before(9, 5)].map(({ last }) => last),
    [5],
  )
  assert.equal(forget({ before: 1_000, upTo: 0 }), 2)
  assert.deepEqual([shown(log().after(0)), log().last], [[], 5])
})
