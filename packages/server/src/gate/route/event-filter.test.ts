import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Dependencies } from '../../authorization/index.ts'
import type { Store, StoredEvent } from '../../store/index.ts'
import { Refusal } from './admin-route.ts'
import { eventFilter } from './event-filter.ts'
import { eventRoutes } from './event-routes.ts'

interface Told extends Partial<StoredEvent> {
  readonly record?: object
}

const role = 'arn:aws:iam::111122223333:role/path/app'
const signIn = 'signin.amazonaws.com'

function event({ record = {}, ...told }: Told): StoredEvent {
  const json = JSON.stringify({ userIdentity: {}, ...record })
  // a test: no more is looked at
  return {
    id: 'e',
    name: 'GetRole',
    source: 'iam.amazonaws.com',
    resources: [],
    time: 0,
    json,
    ...told,
  } as unknown as StoredEvent
}

const identity = (userIdentity: object) => ({ record: { userIdentity } })
const session = (type: string, arn?: string) => identity({ sessionContext: { sessionIssuer: { type, arn } } })
const allowed = (additionalEventData: object) => ({
  decision: 'd',
  record: { userIdentity: {}, additionalEventData },
})

/** By query: an event, and whether it matches. */
const rows: readonly (readonly [query: string, told: Told, fits: boolean])[] = [
  ['', {}, true],
  ['since=1970-01-01T00:00:01Z', { time: 1_000 }, true],
  ['since=1970-01-01T00:00:01Z', { time: 999 }, false],
  ['since=yesterday', { time: 1 }, false],
  ['errors=true', {}, false],
  ['errors=true', { errorCode: 'NoSuchEntity' }, true],
  ['errors=true', allowed({ wouldDeny: 'w' }), true],
  ['errors=true', allowed({}), false],
  ['errors=true', { decision: 'd' }, false],
  ['errors=true', { ...allowed({ wouldDeny: 'w' }), decision: undefined } as unknown as Told, false],
  ['errors=true', { source: signIn, record: { userIdentity: {}, errorMessage: 'm' } }, true],
  ['errors=true', { source: signIn }, false],
  ['errors=true', { decision: 'd', record: { userIdentity: {}, errorMessage: 'm' } }, false],
  ['action=GetRole', {}, true],
  ['action=getrole', {}, true],
  ['action=Get*', {}, true],
  ['action=Role', {}, false],
  ['action=iam:GetRole', {}, true],
  ['action=IAM:get*', {}, true],
  ['action=*:GetRole', {}, true],
  ['action=ia:GetRole', {}, false],
  ['action=sts:GetRole', {}, false],
  ['action=:GetRole', {}, false],
  ['who=ann', { username: 'ann' }, true],
  ['who=AKIA1', { accessKeyId: 'AKIA1' } as Told, true],
  ['who=ann', identity({ arn: 'arn:aws:iam::111122223333:user/ann' }), true],
  ['who=arn:aws:iam::111122223333:user/ann', identity({ arn: 'arn:aws:iam::111122223333:user/ann' }), true],
  ['who=nn', identity({ arn: 'arn:aws:iam::111122223333:user/ann' }), false],
  ['who=ec2.amazonaws.com', identity({ invokedBy: 'ec2.amazonaws.com' }), true],
  ['who=ann', {}, false],
  ['role=app', { resources: [{ type: 'AWS::IAM::Role', name: role }] }, true],
  [`role=${role}`, { resources: [{ type: 'AWS::IAM::Role', name: role }] }, true],
  ['role=pp', { resources: [{ type: 'AWS::IAM::Role', name: role }] }, false],
  ['role=app', { resources: [{ type: 'AWS::IAM::User', name: role }] }, false],
  ['role=app', session('Role', role), true],
  [`role=${role}`, session('Role', role), true],
  ['role=app', session('Role'), false],
  ['role=app', session('User', role), false],
  ['role=app', {}, false],
  ['role=app&errors=true', session('Role', role), false],
]

describe('a filter of events', () => {
  for (const [query, told, fits] of rows)
    test(`${query || 'nothing'}: ${JSON.stringify(told)} ${fits ? 'matches' : 'does not match'}`, () => {
      assert.equal(eventFilter(new URLSearchParams(query))(event(told)), fits)
    })

  test('has texts of at most 2,048 characters, and no empty ones', () => {
    for (const name of ['since', 'errors', 'action', 'who', 'role']) {
      for (const wrong of ['', 'a'.repeat(2_049)])
        assert.throws(() => eventFilter(new URLSearchParams({ [name]: wrong })), Refusal, name)
      eventFilter(new URLSearchParams({ [name]: 'a'.repeat(2_048) }))
    }
  })
})

describe('the events for a follower', () => {
  /** The answer for a query, and what was asked of the store. */
  async function followed(events: readonly StoredEvent[], query: string, within?: string) {
    const calls: string[] = []
    const store = {
      isPosition: (text: string) => /^\d+$/.test(text),
      positionAt: async (time: number) => {
        calls.push(`at ${time}`)
        return '0'
      },
      eventsAfter: async (position: string, count: number) => {
        calls.push(`${count} after ${position}`)
        const page = events.slice(Number(position), Number(position) + count)
        return { events: page, position: String(Number(position) + page.length) }
      },
    }
    const deps = { clock: { now: () => 77 }, recorder: { flush: async () => void calls.push('flush') } }
    const [route] = eventRoutes(deps as unknown as Dependencies, store as unknown as Store)
    // a test: no more is looked at
    const answer = await route!.answer(
      [],
      {},
      undefined,
      new URLSearchParams(query),
      within as never,
      {} as never,
    )
    return { answer: answer as { position: string; events: readonly { decision?: string }[] }, calls }
  }

  test('begin at the present, at an instant, or where the last answer ended', async () => {
    assert.deepEqual((await followed([], '')).calls.slice(0, 2), ['flush', 'at 77'])
    assert.deepEqual((await followed([], 'since=1970-01-01T00:00:02Z')).calls.slice(0, 2), [
      'flush',
      'at 2000',
    ])
    assert.deepEqual((await followed([], 'after=0')).calls, ['500 after 0'])
    for (const wrong of [
      'since=yesterday',
      'after=x',
      'after=0&wait=a',
      'after=0&wait=1234567890123456',
      'after=0&wait=-1',
    ])
      await assert.rejects(followed([], wrong), Refusal, wrong)
  })

  test('are at most 500, of the account in view, each with its decision or its request', async () => {
    const record = { userIdentity: {}, requestID: 'r' }
    const events = [
      event({ account: '111122223333', record, decision: 'd' } as Told),
      event({ account: '111122223333', record } as Told),
      event({ account: '444455556666', record } as unknown as Told),
    ]
    const decisions = async (within?: string) =>
      (await followed(events, 'after=0', within)).answer.events.map(({ decision }) => decision)
    assert.deepEqual(await decisions(), ['d', 'r', 'r'])
    assert.deepEqual(await decisions('111122223333'), ['d', 'r'])
    const many = await followed(
      Array.from({ length: 700 }, () => event({ record })),
      'after=0',
    )
    assert.deepEqual([many.answer.events.length, many.answer.position], [500, '500'])
  })

  test('are sought among 10,000, and the client continues from there', async () => {
    const { answer, calls } = await followed(
      Array.from({ length: 12_000 }, () => event({})),
      'after=0&who=nobody',
    )
    assert.equal(answer.position, '5000')
    assert.equal(calls.length, 10)
  })
})
