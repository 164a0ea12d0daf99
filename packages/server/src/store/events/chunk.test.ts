import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import type { AccountId } from '../../base/index.ts'
import { Damage } from '../failure.ts'
import type { StoredEvent } from '../types.ts'
import { EventChunk, eventsMost, joined, packEvents, sealed, textOf } from './chunk.ts'

const event = (n: number, json: string): StoredEvent => ({
  account: '111111111111' as AccountId, // twelve digits
  region: 'us-east-1',
  id: `event-${n}`,
  time: n,
  name: 'GetRole',
  source: 'iam.amazonaws.com',
  username: 'お面',
  accessKeyId: undefined,
  readOnly: true,
  errorCode: undefined,
  resources: [{ type: 'T', name: 'a\nb' }],
  json,
})

const events = ['{}', '', '"é\n🎭"', 'x'.repeat(3_000)].map((json, n) => event(n, json))

test('a chunk holds what was packed, compressed or not, and empty lines for what was deleted', () => {
  const [pack] = packEvents(events)
  assert.deepEqual([pack?.count, pack?.from, pack?.to], [4, 0, 3])
  for (const pressedFrom of [0, 1_000_000]) {
    const chunk = EventChunk.open(11, 14, sealed(pack!.text, pressedFrom))
    assert.deepEqual([chunk.first, chunk.last], [11, 14])
    assert.deepEqual(
      events.map((_, place) => chunk.event(place)),
      events,
    )
    const cut = joined(11, 14, [chunk], (time) => time < 2)
    assert.deepEqual(
      events.map((_, place) => cut.event(place)),
      [undefined, undefined, events[2], events[3]],
    )
  }
})

test('a chunk of a block is opened with the dictionary that it was compressed with, and with no other', () => {
  const [pack] = packEvents(events)
  const dictionary = Buffer.from(pack!.text.slice(0, 300))
  const bytes = sealed(pack!.text, 0, dictionary)
  assert.ok(bytes.length < sealed(pack!.text, 0, Buffer.from('{}')).length)
  const chunk = EventChunk.open(1, 4, bytes, pack, dictionary)
  assert.deepEqual([chunk.event(3), chunk.from, chunk.to], [events[3], 0, 3])
  for (const other of [undefined, Buffer.from('{}')])
    assert.throws(() => EventChunk.open(1, 4, bytes, pack, other), Damage)
  // of earlier versions
  assert.deepEqual(EventChunk.open(1, 4, sealed(pack!.text, 0), pack, dictionary).event(0), events[0])
})

test('packs are of so many events, and of so much text', () => {
  const counts = (given: readonly StoredEvent[]) => packEvents(given).map(({ count }) => count)
  const small = Array.from({ length: 2 * eventsMost + 1 }, (_, n) => event(n, '{}'))
  assert.deepEqual(counts(small), [eventsMost, eventsMost, 1])
  const large = event(1, 'x'.repeat(200_000))
  assert.deepEqual(counts([large, large, event(2, '{}')]), [1, 2])
  assert.deepEqual(counts([]), [])
})

test('a chunk of an earlier version is read: the heads in one line, 0 for what was deleted', () => {
  const heads = events.map((one, place) =>
    place === 1 ? '0' : EventChunk.open(1, 1, Buffer.from(packEvents([one])[0]!.text)).line(0),
  )
  const text = `${heads.join(',')}\n${events[0]?.json}${events[2]?.json}${events[3]?.json}`
  for (const bytes of [Buffer.from(text), zstdCompressSync(text)]) {
    const chunk = EventChunk.openUpTo(9, bytes)
    assert.equal(chunk.first, 6)
    assert.deepEqual(
      events.map((_, place) => chunk.event(place)),
      [events[0], undefined, events[2], events[3]],
    )
    assert.throws(() => EventChunk.openUpTo(9, bytes.subarray(0, bytes.length - 4)).heads(), Damage)
  }
})

test('a chunk with other lengths than it says is damage', () => {
  const [pack] = packEvents(events)
  const { text } = pack!
  for (const spoilt of [`${text}x`, text.slice(0, -1), text.slice(2), 'e', 'e 0', '', text.slice(0, 40)])
    assert.throws(() => new EventChunk(1, 4, spoilt).heads(), Damage, spoilt.slice(0, 20))
  assert.throws(() => new EventChunk(2, 4, text).heads(), Damage)
  assert.throws(() => new EventChunk(1, 4, text.replace('["T"', '{"T"')).event(0), Damage)
})

test('joined chunks have the events of all, and deleted ones where none has an event', () => {
  const line = (head: string) => ({ head, json: `{${head}}` })
  const later = new EventChunk(5, 6, textOf([line('[5]'), line('')]))
  const one = joined(2, 6, [later, new EventChunk(2, 3, textOf([line('[2]'), line('[3]')]))])
  assert.deepEqual([one.first, one.last], [2, 6])
  const kept = one.lines().map(({ head, json }) => head + json)
  assert.deepEqual(kept, ['[2]{[2]}', '[3]{[3]}', '', '[5]{[5]}', '{}'])
  const rest = joined(4, 6, [one])
  assert.deepEqual([rest.first, rest.line(0), rest.line(1)], [4, '', '[5]'])
})
