import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import type { Asked, StoredEvent } from '../types.ts'
import { type EventHead, eventOf, headOf } from './head.ts'

const owner = '444455556666' as AccountId // twelve digits
const bare: StoredEvent = {
  account: '111122223333' as AccountId, // twelve digits
  region: 'us-east-1',
  id: 'e',
  time: 7,
  name: 'GetRole',
  source: 'iam.amazonaws.com',
  username: 'ann',
  accessKeyId: undefined,
  readOnly: true,
  errorCode: undefined,
  resources: [
    { type: 'T', name: 'a' },
    { type: 'U', name: 'b' },
  ],
  json: '{"a":1}',
}
const asked: readonly Asked[] = [
  { action: 's3:GetObject', resource: 'r' },
  { action: 'iam:PassRole', resource: 'role', passedTo: 'ec2.amazonaws.com' },
]
const withKeys: readonly Asked[] = [
  { action: 'a:B', resource: 'r', owner },
  { action: 'a:C', resource: 's', keys: { 'aws:a': ['1'] } },
  { action: 'a:D', resource: 't', passedTo: 'x', owner, keys: { 'aws:b': null } },
]

/** Events by what they have beside the least, and the length of their heads. */
const events: readonly (readonly [title: string, more: Partial<StoredEvent>, length: number])[] = [
  ['nothing more', {}, 12],
  [
    'no resource, no name, and an error',
    { resources: [], username: undefined, errorCode: 'AccessDenied' },
    12,
  ],
  ['a key, and a change', { accessKeyId: 'AKIA1', readOnly: false } as Partial<StoredEvent>, 12],
  ['questions', { asked }, 13],
  ['no questions', { asked: [] }, 13],
  ['a decision', { decision: 'd' }, 14],
  ['questions and a decision', { asked, decision: 'd' }, 14],
  ['data', { data: true }, 15],
  ['data, questions and a decision', { asked, decision: 'd', data: true }, 15],
  ['cut questions', { asked, askedCut: true }, 16],
  ['cut questions, data and a decision', { asked, askedCut: true, data: true, decision: 'd' }, 16],
  ['nothing but cut questions', { askedCut: true }, 16],
  ['keys of the caller', { callerKeys: { 'aws:a': ['1'] } } as Partial<StoredEvent>, 17],
  ['keys of caller and questions', { asked: withKeys, callerKeys: {} } as Partial<StoredEvent>, 17],
  [
    'one question with an owner',
    { asked: [asked[0]!, withKeys[0]!], callerKeys: {} } as Partial<StoredEvent>,
    17,
  ],
  [
    'keys of the caller, questions without',
    { asked, callerKeys: {}, data: true } as Partial<StoredEvent>,
    17,
  ],
  [
    'all',
    { asked: withKeys, callerKeys: {}, data: true, askedCut: true, decision: 'd' } as Partial<StoredEvent>,
    17,
  ],
]

describe('an event is the same after it was stored as its head and its record', () => {
  for (const [title, more, length] of events)
    test(`with ${title}: ${length} members`, () => {
      const event = { ...bare, ...more }
      const head: EventHead = JSON.parse(JSON.stringify(headOf(event)))
      assert.equal(head.length, length)
      assert.equal(head[11], event.json.length)
      assert.deepEqual(eventOf(head, event.json), event)
    })

  test('questions without keys of their own leave only those of the caller', () => {
    assert.deepEqual(headOf({ ...bare, asked, callerKeys: {} })[16], [{}])
    assert.deepEqual(headOf({ ...bare, asked: withKeys, callerKeys: {} })[16]?.length, 7)
  })
})
