import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import type { StoredEvent } from '../types.ts'
import { dictionaryOf, eventsInPart, partsOf } from './block.ts'
import { EventChunk, joined, packEvents, range } from './chunk.ts'

const event = (n: number, given: Partial<StoredEvent> = {}): StoredEvent => ({
  account: '111111111111' as AccountId, // twelve digits
  region: 'us-east-1',
  id: `event-${n}`,
  time: n,
  name: 'GetRole',
  source: 'iam.amazonaws.com',
  username: `user-${n % 10}`,
  accessKeyId: undefined,
  readOnly: true,
  errorCode: undefined,
  resources: [],
  json: `{"n":${n}}`,
  ...given,
})

/** Returns events as chunks whose sequence numbers begin with 1. */
function chunksOf(events: readonly StoredEvent[]): EventChunk[] {
  let last = 0
  return packEvents(events).map(({ count, text }) => {
    last += count
    return new EventChunk(range(last - count + 1, last), text)
  })
}

test('the events of a caller stand together in a block, and each part has its events in their order', () => {
  const events = Array.from({ length: 240 }, (_, n) => event(n + 1))
  const parts = partsOf(chunksOf(events), () => false)
  assert.equal(parts.length, 240 / eventsInPart)
  for (const { sequences, heads, text } of parts) {
    assert.deepEqual(
      sequences,
      [...sequences].sort((a, b) => a - b),
    )
    assert.ok(new Set(heads.map((head) => head[6])).size <= 2)
    const chunk = new EventChunk(sequences, text)
    assert.equal(chunk.first, sequences[0])
    for (const [place, sequence] of sequences.entries()) {
      assert.equal(chunk.sequences[place], sequence)
      assert.deepEqual(chunk.event(place), events[sequence - 1])
    }
  }
  const all = parts.flatMap(({ sequences }) => sequences)
  assert.deepEqual(
    all.sort((a, b) => a - b),
    events.map(({ time }) => time),
  )
})

test('callers differ by account, name and key, and calls on data are apart', () => {
  const differences: Partial<StoredEvent>[] = [
    { account: '222222222222' as AccountId }, // twelve digits
    { data: true },
    { username: 'another' },
    { accessKeyId: 'AKIA' },
  ]
  for (const difference of differences) {
    const events = Array.from({ length: 2 * eventsInPart }, (_, n) =>
      event(n + 1, { username: undefined, ...(n % 2 ? difference : {}) }),
    )
    const parts = partsOf(chunksOf(events), () => false)
    assert.equal(parts.length, 2)
    for (const { sequences } of parts) assert.equal(new Set(sequences.map((each) => each % 2)).size, 1)
  }
})

test('events to be forgotten, and those that were deleted, are in no part', () => {
  const [chunk] = chunksOf(Array.from({ length: 10 }, (_, n) => event(n + 1)))
  const left = joined(1, 10, [chunk!], (_, sequence) => sequence === 5)
  const parts = partsOf([left], ([time], sequence) => time === 1 || sequence === 10)
  assert.deepEqual(
    parts.flatMap(({ sequences }) => sequences).sort((a, b) => a - b),
    [2, 3, 4, 6, 7, 8, 9],
  )
  assert.deepEqual(
    partsOf([left], () => true),
    [],
  )
})

test('chunks have the events of one slice of time, whichever order the chunks before were in', () => {
  const chunks = chunksOf(Array.from({ length: 600 }, (_, n) => event(n + 1)))
  const parts = partsOf(chunks.toReversed(), () => false)
  assert.deepEqual(
    parts,
    partsOf(chunks, () => false),
  )
  for (const { sequences } of parts)
    assert.equal(new Set(sequences.map((sequence) => Math.floor((sequence - 1) / 256))).size, 1)
  const lasts = parts.map(({ sequences }) => sequences.at(-1)!)
  assert.deepEqual(
    lasts,
    lasts.toSorted((a, b) => a - b),
  )
})

test('a dictionary has a part of four events, from the whole of the block, and of fewer if there are no more', () => {
  const long = 'x'.repeat(2_000)
  const parts = partsOf(
    chunksOf(Array.from({ length: 100 }, (_, n) => event(n, { json: long }))),
    () => false,
  )
  const text = Buffer.from(dictionaryOf(parts)).toString()
  const ids = [...text.matchAll(/"event-(\d+)"/g)].map(([, n]) => Number(n))
  assert.equal(new Set(ids).size, 4)
  assert.ok(Math.max(...ids) > 40, `${ids}`)
  assert.equal(text.length, 4 * 960)
  const two = Buffer.from(dictionaryOf(parts.slice(0, 2))).toString()
  assert.equal([...two.matchAll(/"event-/g)].length, 2)
})
