import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, parseAccountId } from '../base/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { callerIn, chainOf, isNamed, keysOfPerson } from './person.ts'

const account = parseAccountId('111122223333') as AccountId
const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`

interface Told {
  readonly id: string
  readonly name?: string
  readonly time?: number
  readonly key?: string
  readonly identity?: object
  readonly parameters?: object | null
  /** The key that the call handed out. */
  readonly handed?: string
  readonly username?: string
}

function event({ id, name = 'AssumeRole', time = 0, key, handed, username, ...told }: Told): StoredEvent {
  const { identity = {}, parameters = null } = told
  const credentials = handed === undefined ? null : { credentials: { accessKeyId: handed } }
  const record = {
    eventTime: `time of ${id}`,
    userIdentity: identity,
    requestParameters: parameters,
    responseElements: credentials,
  }
  // a test: no more is looked at
  return { id, name, time, account, accessKeyId: key, username, json: JSON.stringify(record) } as StoredEvent
}

/** A server with these events, and what was looked up in it. */
function server(events: readonly StoredEvent[]) {
  const asked: { readonly from?: number; readonly value: string; readonly after?: string }[] = []
  const pageOf = (all: readonly StoredEvent[], after: string | undefined, limit: number) => {
    const start = Number(after ?? 0)
    const next = start + limit < all.length ? String(start + limit) : undefined
    return { events: all.slice(start, start + limit), ...(next === undefined ? {} : { next }) }
  }
  const lookUp = async ({
    from = Number.NEGATIVE_INFINITY,
    attribute,
    limit,
    after,
  }: Parameters<Dependencies['recorder']['lookUp']>[0]) => {
    const { key, value } = attribute!
    asked.push({ from, value, ...(after === undefined ? {} : { after }) })
    const found = events.filter((each) =>
      key === 'EventName' ? each.name === value && each.time >= from : each.json.includes(value),
    )
    return pageOf(found, after, limit)
  }
  return { deps: { recorder: { lookUp } } as unknown as Dependencies, asked }
}

describe('the chain of callers behind an event', () => {
  const first = event({
    id: 'first',
    key: 'AKIAANN',
    identity: { arn: arn('user/ann') },
    parameters: { roleArn: arn('role/one'), roleSessionName: 's', serialNumber: 'phone' },
    handed: 'ASIAONE',
  })
  const second = event({
    id: 'second',
    key: 'ASIAONE',
    identity: { arn: 'session one', sessionContext: { attributes: { mfaAuthenticated: 'true' } } },
    parameters: { roleArn: arn('role/two'), sourceIdentity: 'ann' },
    handed: 'ASIATWO',
  })

  test('begins with the person, and each link says who handed its key out', async () => {
    const last = event({ id: 'last', identity: { arn: 'session two', accessKeyId: 'ASIATWO' } })
    const { deps } = server([first, second])
    assert.deepEqual(await chainOf(last, deps), [
      { who: arn('user/ann'), accessKeyId: 'AKIAANN' },
      {
        who: 'session one',
        accessKeyId: 'ASIAONE',
        operation: 'AssumeRole',
        eventId: 'first',
        time: 'time of first',
        mfa: true,
        roleArn: arn('role/one'),
        sessionName: 's',
      },
      {
        who: 'session two',
        accessKeyId: 'ASIATWO',
        operation: 'AssumeRole',
        eventId: 'second',
        time: 'time of second',
        mfa: true,
        roleArn: arn('role/two'),
        sourceIdentity: 'ann',
      },
    ])
  })

  test('without MFA says so, and a key that only is named in an event was not handed out by it', async () => {
    const named = event({ id: 'named', parameters: { roleArn: 'ASIAX' } })
    const other = event({ id: 'other', identity: { invokedBy: 'ec2.amazonaws.com' }, handed: 'ASIAX' })
    const { deps } = server([named, other])
    const [link, last] = await chainOf(event({ id: 'last', key: 'ASIAX', username: 'u' }), deps)
    assert.deepEqual(link, { who: 'ec2.amazonaws.com' })
    assert.deepEqual([last?.who, last?.eventId, last?.mfa], ['u', 'other', false])
  })

  test('of a key that is not a session’s, or of none, has one link and asks for nothing', async () => {
    const { deps, asked } = server([])
    assert.deepEqual(await chainOf(event({ id: 'e', key: 'AKIA1', identity: { userName: 'ann' } }), deps), [
      { who: 'ann', accessKeyId: 'AKIA1' },
    ])
    assert.deepEqual(await chainOf(event({ id: 'e' }), deps), [{ who: '' }])
    assert.deepEqual(asked, [])
  })

  test('that leads back to itself ends after 32 links', async () => {
    const turning = event({ id: 'turning', key: 'ASIAONE', identity: { arn: 'a' }, handed: 'ASIAONE' })
    const { deps } = server([turning])
    assert.equal((await chainOf(turning, deps)).length, 32)
  })
})

describe('the keys that go back to a person', () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, at) =>
      event({
        id: `e${at}`,
        key: at === 0 ? 'AKIAANN' : `ASIA${at - 1}`,
        identity: { arn: at === 0 ? arn('user/ann') : `session ${at}` },
        handed: `ASIA${at}`,
      }),
    )

  test('are those of every session of the chain, by ARN or name, and nobody else’s', async () => {
    const bob = event({
      id: 'bob',
      name: 'GetSessionToken',
      identity: { arn: arn('user/bob') },
      handed: 'ASIABOB',
    })
    const { deps } = server([...chain(3), bob, event({ id: 'failed', identity: { arn: arn('user/ann') } })])
    for (const person of ['ann', arn('user/ann')])
      assert.deepEqual([...(await keysOfPerson(person, account, deps))], ['ASIA0', 'ASIA1', 'ASIA2'])
    assert.deepEqual([...(await keysOfPerson('bob', account, deps))], ['ASIABOB'])
    assert.deepEqual([...(await keysOfPerson('nn', account, deps))], [])
  })

  test('end 32 links behind the person', async () => {
    const { deps } = server(chain(40))
    assert.equal((await keysOfPerson('ann', account, deps)).size, 32)
  })

  test('are read by pages, at most five of each operation, and later from two minutes before the newest', async () => {
    const many = Array.from({ length: 5_500 }, (_, at) =>
      event({ id: `m${at}`, time: 200_000 + at, identity: { arn: arn('user/ann') }, handed: `ASIA${at}` }),
    )
    const { deps, asked } = server(many)
    assert.equal((await keysOfPerson('ann', account, deps)).size, 5_000)
    const of = (name: string) => asked.filter(({ value }) => value === name)
    assert.deepEqual(
      of('AssumeRole').map(({ from, after }) => [from, after]),
      [undefined, '1000', '2000', '3000', '4000'].map((after) => [-120_000, after]),
    )
    assert.equal(of('GetFederationToken').length, 1)
    asked.length = 0
    await keysOfPerson('ann', account, deps)
    assert.equal(of('AssumeRole')[0]?.from, 200_000 + 4_999 - 120_000)
  })
})

test('a person is named by the ARN or its last part, and the root user by its account', () => {
  assert.equal(isNamed(arn('user/a/ann'), 'ann'), true)
  assert.equal(isNamed(arn('user/ann'), arn('user/ann')), true)
  assert.equal(isNamed(arn('root'), 'root'), true)
  assert.equal(isNamed(arn('user/root2'), 'root'), false)
  assert.equal(isNamed(arn('user/joann'), 'ann'), false)
  assert.equal(isNamed(arn('root'), ':root'), false)
})

test('the caller of an event is an ARN, a service, or the name that is left', () => {
  const of = (identity: object, username?: string) =>
    callerIn(event({ id: 'e', identity, ...(username === undefined ? {} : { username }) }))
  assert.equal(of({ arn: 'a', invokedBy: 'b' }), 'a')
  assert.equal(of({ invokedBy: 'b', userName: 'c' }), 'b')
  assert.equal(of({ userName: 'c', principalId: 'd' }), 'c')
  assert.equal(of({ principalId: 'd' }, 'u'), 'd')
  assert.equal(of({}, 'u'), 'u')
  assert.equal(of({}), '')
})
