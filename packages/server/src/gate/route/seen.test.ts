import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Dependencies } from '../../authorization/index.ts'
import type { Asked, Store, StoredEvent } from '../../store/index.ts'
import { Refusal } from './admin-route.ts'
import { seenRoutes } from './seen.ts'

const ann = 'arn:aws:iam::111122223333:user/ann'
const get: Asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }
const pass: Asked = { action: 'iam:PassRole', resource: 'role', passedTo: 'ec2.amazonaws.com' }

interface Told extends Partial<StoredEvent> {
  readonly arn?: string
  readonly issuer?: string
}

function event({ arn = ann, issuer, ...told }: Told = {}): StoredEvent {
  const session = issuer === undefined ? {} : { sessionContext: { sessionIssuer: { arn: issuer } } }
  const json = JSON.stringify({ userIdentity: { arn, ...session } })
  // a test: no more is looked at
  return { id: 'e', time: 1_000, account: '111122223333', name: 'GetObject', json, ...told } as StoredEvent
}

/** The answer of the route about these events, and its questions to the store. */
async function seen(
  events: readonly StoredEvent[],
  query = '',
  { within = undefined as string | undefined, may = true } = {},
) {
  const calls: string[] = []
  const store = {
    isPosition: (text: string) => /^\d+$/.test(text),
    positionAt: async (time: number) => {
      calls.push(`at ${time}`)
      return '0'
    },
    eventsAfter: async (position: string, count: number) => {
      calls.push(`${count} after ${position}`)
      const start = Number(position) || 0
      const page = events.slice(start, start + count)
      return { events: page, position: String(start + page.length) }
    },
  }
  const deps = { recorder: { flush: async () => void calls.push('flush') } }
  const [route] = seenRoutes(deps as unknown as Dependencies, store as unknown as Store)
  const answer = (await route!.answer(
    [],
    {},
    undefined,
    new URLSearchParams(query),
    within as never,
    {
      may: async () => may,
    } as never,
  )) as { readonly questions: readonly unknown[]; readonly done: boolean; readonly position: string }
  return { answer, calls }
}

const questions = async (...given: Parameters<typeof seen>) => (await seen(...given)).answer.questions

describe('the permissions that calls needed', () => {
  test('are each a question once, with the number of calls', async () => {
    const { answer, calls } = await seen([
      event({ asked: [get, pass] }),
      event({ asked: [get] }),
      event({
        asked: [
          { ...pass, passedTo: 'ecs.amazonaws.com' },
          { action: pass.action, resource: 'role' },
        ],
      }),
    ])
    assert.deepEqual(answer.questions, [
      { ...get, count: 2 },
      { ...pass, count: 1 },
      { ...pass, passedTo: 'ecs.amazonaws.com', count: 1 },
      { action: pass.action, resource: 'role', count: 1 },
    ])
    assert.equal(answer.done, true)
    assert.equal(calls[0], 'flush')
    assert.ok(calls.every((call) => !call.startsWith('at ')))
  })

  test('are of the caller that is named: by key, ARN, name or role', async () => {
    const session = 'arn:aws:sts::111122223333:assumed-role/app/s'
    const events = [
      event({ asked: [get], accessKeyId: 'AKIA1' as StoredEvent['accessKeyId'] }),
      event({ asked: [pass], arn: session, issuer: 'arn:aws:iam::111122223333:role/app' }),
      event({ asked: [{ action: 'a', resource: 'r' }], arn: 'arn:aws:iam::111122223333:root' }),
    ]
    const of = async (principal: string) =>
      (await questions(events, new URLSearchParams({ principal }).toString())).length
    for (const [principal, count] of [
      ['AKIA1', 1],
      [ann, 1],
      ['ann', 1],
      ['app', 1],
      ['s', 1],
      ['arn:aws:iam::111122223333:role/app', 1],
      ['root', 1],
      ['nn', 0],
      ['nobody', 0],
    ] as const)
      assert.equal(await of(principal), count, principal)
    for (const wrong of ['', 'a'.repeat(2_049)]) await assert.rejects(of(wrong), Refusal)
    assert.equal(await of('a'.repeat(2_048)), 0)
  })

  test('begin at an instant, and an earlier event that comes later does not count', async () => {
    const since = '1970-01-01T00:00:01Z'
    const { answer, calls } = await seen(
      [event({ asked: [get] }), event({ asked: [pass], time: 999 })],
      `since=${since}`,
    )
    assert.deepEqual(answer.questions, [{ ...get, count: 1 }])
    assert.ok(calls.includes('at 1000'))
    await assert.rejects(questions([], 'since=yesterday'), Refusal)
  })

  test('continue after a position, and then nothing is flushed', async () => {
    const { answer, calls } = await seen([event({ asked: [get] }), event({ asked: [pass] })], 'after=1')
    assert.deepEqual(answer.questions, [{ ...pass, count: 1 }])
    assert.ok(!calls.includes('flush'))
    await assert.rejects(questions([], 'after=x'), Refusal)
  })

  test('are of the account in view only', async () => {
    const events = [event({ asked: [get] }), event({ asked: [pass], account: '444455556666' as never })]
    assert.deepEqual(await questions(events, '', { within: '111122223333' }), [{ ...get, count: 1 }])
  })

  test('count though they were denied if that is asked for', async () => {
    const denied = ['AccessDenied', 'Client.UnauthorizedOperation'].map((errorCode) =>
      event({ asked: [get], errorCode }),
    )
    const events = [...denied, event({ asked: [pass], errorCode: 'NoSuchEntity' })]
    assert.deepEqual(await questions(events), [{ ...pass, count: 1 }])
    assert.deepEqual(await questions(events, 'denied=true'), [
      { ...get, count: 2 },
      { ...pass, count: 1 },
    ])
    assert.deepEqual(await questions(events, 'denied=1'), [{ ...pass, count: 1 }])
  })

  test('of 5,000 different questions the rest comes with the next answer', async () => {
    const many = Array.from({ length: 7_000 }, (_, at) =>
      event({ asked: [{ action: 'a', resource: String(at) }] }),
    )
    const { answer } = await seen(many)
    assert.deepEqual([answer.questions.length, answer.done, answer.position], [5_000, false, '5000'])
  })

  test('with condition keys need the permission to read tags, and few keys', async () => {
    await assert.rejects(questions([], 'keys=aws:SourceIp', { may: false }), Refusal)
    const keys = (count: number, length: number) =>
      `keys=${Array.from({ length: count }, (_, at) => `${at}`.padEnd(length, 'k')).join()}`
    for (const wrong of [keys(51, 3), keys(1, 301)]) await assert.rejects(questions([], wrong), Refusal)
  })
})

test('events of which questions were cut, or that have none, are counted apart', async () => {
  const { answer } = await seen([
    event({ asked: [get] }),
    event({ asked: [get], askedCut: true }),
    event({ askedCut: true }),
    event(),
  ])
  const { questions: _, done: __, position: ___, ...counts } = answer
  assert.deepEqual(counts, { events: 4, silent: 1, cut: 2 })
})
