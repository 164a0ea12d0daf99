import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { lengthOfEvent, type StoredEvent } from '../types.ts'
import { EventChunk, packEvents } from './chunk.ts'
import { searchStep } from './search.ts'

const alpha = '111111111111' as AccountId // twelve digits

const event = (id: string, more: Partial<StoredEvent> = {}): StoredEvent => ({
  account: alpha,
  region: 'us-east-1',
  id,
  time: 1,
  name: 'CreateRole',
  source: 'iam.amazonaws.com',
  username: undefined,
  accessKeyId: undefined,
  readOnly: false,
  errorCode: undefined,
  resources: [],
  json: `{"id":"${id}"}`,
  ...more,
})

/** Chunks of so many events each, newest first, numbered from 1; a search offers them as a store does. */
function chunksOf(...sizes: readonly number[]) {
  let last = 0
  const chunks = sizes.map((size) => {
    const events = Array.from({ length: size }, (_, n) => event(`e${last + n + 1}`))
    const [pack] = packEvents(events)
    last += size
    const chunk = new EventChunk(last - size + 1, last, pack!.text)
    return { chunk, before: Number.POSITIVE_INFINITY, placeOf: String }
  })
  return chunks.reverse()
}

const most = { events: 5, characters: 1_000_000 }
const search = (texts: readonly (readonly string[])[] = [], limit = 100) => ({ account: alpha, texts, limit })
const idsOf = (step: ReturnType<typeof searchStep>) =>
  step.events.map(({ event, place }) => `${event.id} ${place}`)

test('a step ends before the chunk with which it would have read too many events, and says where it goes on', () => {
  const step = searchStep(search(), chunksOf(3, 2, 4, 2), most)
  // six of the newest have been read: five would have been enough
  assert.deepEqual(idsOf(step), ['e11 11', 'e10 10', 'e9 9', 'e8 8', 'e7 7', 'e6 6'])
  assert.deepEqual([step.seen, step.before], [6, '6'])
  assert.deepEqual(searchStep(search(), chunksOf(3, 2), most).before, undefined)
  assert.equal(searchStep(search(), chunksOf(3, 2), most).seen, 5)
})

test('a step ends before the chunk with which it would have read too much text, but reads one', () => {
  const chunks = chunksOf(2, 2, 2)
  const length = chunks[0]!.chunk.text.length
  const within = (characters: number) => searchStep(search(), chunks, { events: 100, characters })
  assert.deepEqual([within(1).seen, within(1).before], [2, '5'])
  assert.deepEqual([within(length * 2).seen, within(length * 2 - 1).seen], [4, 2])
})

test('a step that has its events says how many it looked at, and goes on before the last of them', () => {
  const two = searchStep(search([], 2), chunksOf(3, 3), most)
  assert.deepEqual([idsOf(two), two.seen, two.before], [['e6 6', 'e5 5'], 2, '5'])
  const four = searchStep(search([], 4), chunksOf(3, 3), most)
  assert.deepEqual([four.seen, four.before], [4, '3'])
  const [newest, oldest] = chunksOf(3, 3)
  const later = searchStep(search(), [{ ...newest!, before: 5 }, oldest!], most)
  assert.deepEqual([idsOf(later)[0], later.seen], ['e4 4', 4])
  const none = searchStep(search([['nothing']]), chunksOf(3, 3), most)
  assert.deepEqual([none.events.length, none.seen, none.before], [0, 6, undefined])
})

test('a search takes texts as they are, in any case, and looks at decisions as well', () => {
  const events = [
    event('a', { json: '{"x":"A.b"}' }),
    event('b', { json: '{"x":"Axb"}', decision: 'd-[1]' }),
    event('c', { json: '{"x":"A.b"}', account: '222222222222' as AccountId }),
  ]
  const [pack] = packEvents(events)
  const chunk = {
    chunk: new EventChunk(1, 3, pack!.text),
    before: Number.POSITIVE_INFINITY,
    placeOf: String,
  }
  const ids = (...texts: readonly (readonly string[])[]) =>
    searchStep(search(texts), [chunk], most).events.map(({ event: { id } }) => id)
  assert.deepEqual(ids(), ['b', 'a'])
  assert.deepEqual(ids(['a.B']), ['a'])
  assert.deepEqual(ids(['D-[1]']), ['b'])
  assert.deepEqual(ids(['a.b', 'd-[1]']), ['b', 'a'])
  assert.deepEqual(ids(['a.b'], ['d-[1]']), [])
  assert.deepEqual(ids(['|']), [])
})

test('an event is as long as its texts, with some characters for each entry', () => {
  const base = event('a', { json: 'x'.repeat(10) })
  const longer = (more: Partial<StoredEvent>) => lengthOfEvent({ ...base, ...more }) - lengthOfEvent(base)
  assert.equal(lengthOfEvent(base), 10)
  assert.equal(longer({ resources: [{ type: 'abc', name: 'de' }] }), 5 + 6)
  assert.equal(longer({ asked: [{ action: 'abc', resource: 'de' }] }), 5 + 9)
  assert.equal(
    longer({ asked: [{ action: 'abc', resource: 'de', passedTo: 'f', keys: { key: 'value' } }] }),
    6 + 9 + 8 + 6,
  )
  assert.equal(longer({ callerKeys: { key: ['a', 'b'] } }), 3 + 3 + 6)
  assert.equal(longer({ denial: { json: 'abcd' } as NonNullable<StoredEvent['denial']> }), 4)
})
