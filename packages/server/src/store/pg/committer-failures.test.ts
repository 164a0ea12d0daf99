import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { parseAccountId } from '../../base/index.ts'
import type { Lineage } from '../account-types.ts'
import { newLineage } from '../lineage.ts'
import { type Commit, type CommitOutcome, type StoredEvent, StoreUnavailable } from '../types.ts'
import { Committer } from './committer.ts'
import { ConnectionLost, DoubtfulCommit } from './failure.ts'
import type { Link } from './link.ts'
import { EventStream } from './stream.ts'
import type { Turns } from './turns.ts'

const alpha = parseAccountId('111111111111')!
const beta = parseAccountId('222222222222')!

/** An error as the driver reports one of PostgreSQL. */
function stated(code: string): Error {
  return Object.assign(new Error(`state ${code}`), { code, severity: 'ERROR' })
}

type Answer = readonly { readonly account: string }[] | Error

/** A writer whose connection gives these answers, one after the other, and then empty ones. */
function writer(...answers: readonly Answer[]) {
  const left = [...answers]
  const sent: number[] = []
  const followed: string[] = []
  const asked: string[] = []
  let ready: Error | undefined
  let found = 0
  const link = {
    life: 7,
    async query(statement: { readonly name: string }, values: readonly unknown[]) {
      if (statement.name.startsWith('find-')) {
        asked.push(statement.name)
        return found > 0 ? [{ found: 1 }] : []
      }
      const steps = values[4] as Buffer // an array: its length is its fourth number, and an empty one has none
      sent.push(steps.length > 12 ? steps.readInt32BE(12) : 0)
      const answer = left.shift() ?? []
      if (answer instanceof Error) throw answer
      return answer
    },
    async ready() {
      if (ready !== undefined) throw ready
    },
    async follow(life: number, why: string) {
      followed.push(`${life} ${why}`)
    },
  } as unknown as Link
  const turns: Pick<Turns, 'held'> = { held: [] }
  const denied: number[] = []
  const committer = new Committer(link, new EventStream('node'), turns as Turns, {
    onDenials: (denials) => denied.push(denials.length),
  })
  const outcomes: string[] = []
  const told = (outcome: CommitOutcome) => JSON.stringify(outcome)
  /** Hands a commit over; `outcomes` has what becomes of it, under its name. */
  const hand = (name: string, commit: Partial<Commit>, length = 1) => {
    void committer.commit({ accounts: [], events: [], ...commit }, length).then(
      (outcome) => outcomes.push(`${name} ${told(outcome)}`),
      (error: Error) => outcomes.push(`${name} ${error.name}: ${error.message}`),
    )
  }
  const settle = async () => {
    await committer.settled()
    await turn()
    return outcomes.splice(0).sort()
  }
  return {
    committer,
    sent,
    asked,
    followed,
    denied,
    hand,
    settle,
    lose: (error: Error | undefined) => (ready = error),
    find: (rows: number) => (found = rows),
  }
}

const step = (account = alpha, base: Lineage | undefined = undefined, next = newLineage()) => ({
  accounts: [{ account, base, next, changes: [] }],
})
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
  json: '{}',
  ...more,
})

describe('commits that PostgreSQL refuses', () => {
  test('moved accounts refuse those that expected them, and the others are executed again', async () => {
    const { hand, settle, sent, committer } = writer([{ account: alpha }])
    hand('a', step(alpha))
    hand('b', step(beta))
    hand('reads', { ...step(beta, undefined), reads: [{ account: alpha, lineage: undefined }] })
    assert.deepEqual(await settle(), [
      `a {"ok":false,"moved":["${alpha}"]}`,
      'b {"ok":true}',
      // it contradicts the commit before it
      `reads {"ok":true}`,
    ])
    assert.deepEqual(sent.slice(0, 2), [2, 1])
    assert.ok(committer.batches >= 1)
  })

  test('a commit that expects two states of one account is refused without the database', async () => {
    const { hand, settle, sent } = writer()
    const [one, two] = [newLineage(), newLineage()]
    hand('a', { ...step(alpha, one), reads: [{ account: alpha, lineage: two }] })
    assert.deepEqual(await settle(), [`a {"ok":false,"moved":["${alpha}"]}`])
    assert.deepEqual(sent, [])
  })

  test('a lost lease refuses the commit that has it, which is a batch of its own', async () => {
    const { hand, settle, sent } = writer([], [{ account: '0' }], [])
    hand('before', step(alpha))
    hand('fenced', { ...step(beta), fence: { job: 'history', token: 1 } })
    hand('after', step(parseAccountId('333333333333')!))
    assert.deepEqual(await settle(), [
      'after {"ok":true}',
      'before {"ok":true}',
      'fenced {"ok":false,"fenced":true}',
    ])
    assert.deepEqual(sent, [1, 1, 1])
  })

  test('a call whose end another node recorded is refused alone', async () => {
    const { hand, settle } = writer([{ account: '-2' }])
    hand('ends', { events: [event('e', { begun: true })] })
    hand('else', step(alpha))
    assert.deepEqual(
      await settle(),
      ['ends StoreUnavailable: the end of a call was recorded by another node', 'else {"ok":true}'].sort(),
    )
  })

  test('a closed stream of events is opened anew, eight times', async () => {
    const closed = [{ account: '-1' }]
    const once = writer(closed)
    once.hand('a', step(alpha))
    assert.deepEqual(await once.settle(), ['a {"ok":true}'])
    assert.deepEqual(once.followed, ['7 its stream of events was closed'])
    const always = writer(...Array.from({ length: 20 }, () => closed))
    always.hand('a', step(alpha))
    assert.match(
      (await always.settle()).join(),
      /^a StoreUnavailable: the stream of this connection was closed by another node$/,
    )
    assert.equal(always.sent.length, 9)
  })
})

describe('batches that fail', () => {
  test('are taken apart if some commit of them is at fault', async () => {
    const { hand, settle, sent } = writer(stated('22P02'), [], stated('22P02'))
    hand('a', step(alpha))
    hand('b', step(beta))
    assert.deepEqual(await settle(), ['a {"ok":true}', 'b StoreUnavailable: PostgreSQL: state 22P02 (22P02)'])
    assert.deepEqual(sent, [2, 1, 1])
  })

  test('are sent again together after a deadlock, and apart after rows that two nodes make', async () => {
    for (const [state, batches] of [
      ['40P01', [2, 2]],
      ['40001', [2, 2]],
      ['23505', [2, 1, 1]],
    ] as const) {
      const { hand, settle, sent } = writer(stated(state))
      hand('a', step(alpha))
      hand('b', step(beta))
      assert.deepEqual(await settle(), ['a {"ok":true}', 'b {"ok":true}'])
      assert.deepEqual(sent, batches, state)
    }
    const { hand, settle, sent } = writer(...Array.from({ length: 20 }, () => stated('40P01')))
    hand('a', step(alpha))
    assert.deepEqual(await settle(), ['a StoreUnavailable: PostgreSQL: state 40P01 (40P01)'])
    assert.equal(sent.length, 9)
  })

  test('are all refused if another client holds a lock', async () => {
    const { hand, settle, sent } = writer(stated('55P03'))
    hand('a', step(alpha))
    hand('b', step(beta))
    const locked = 'StoreUnavailable: PostgreSQL: state 55P03 (55P03)'
    assert.deepEqual(await settle(), [`a ${locked}`, `b ${locked}`])
    assert.deepEqual(sent, [2])
  })

  test('whose answer was lost are there, or are sent again twice', async () => {
    const lost = new ConnectionLost('away')
    const there = writer(lost)
    there.find(1)
    there.hand('a', step(alpha))
    assert.deepEqual(await there.settle(), ['a {"ok":true}'])
    assert.deepEqual([there.sent.length, there.asked], [1, ['find-step']])
    const events = writer(lost)
    events.find(1)
    events.hand('a', { events: [event('e')] })
    assert.deepEqual(await events.settle(), ['a {"ok":true}'])
    assert.deepEqual(events.asked, ['find-events'])
    const again = writer(lost, lost)
    again.hand('a', step(alpha))
    assert.deepEqual(await again.settle(), ['a {"ok":true}'])
    assert.equal(again.sent.length, 3)
    const never = writer(lost, lost, lost, lost)
    never.hand('a', step(alpha))
    assert.deepEqual(await never.settle(), ['a StoreUnavailable: away'])
    assert.equal(never.sent.length, 3)
  })

  test('whose answer was lost stay in doubt if the database cannot be asked', async () => {
    const { committer, lose } = writer(new ConnectionLost('away'))
    lose(new ConnectionLost('still away'))
    const doubtful = committer.commit({ ...step(alpha), events: [] }, 1)
    await assert.rejects(doubtful, (error: unknown) => {
      assert.ok(error instanceof DoubtfulCommit)
      assert.equal(error.message, 'away')
      assert.equal(error.trace.account?.account, alpha)
      return true
    })
    const other = writer(new ConnectionLost('away'))
    other.lose(new StoreUnavailable('not now'))
    await assert.rejects(other.committer.commit({ ...step(alpha), events: [] }, 1), DoubtfulCommit)
  })
})

describe('the order of a writer', () => {
  test('what is done exclusively is between the commits before it and after it', async () => {
    const { committer, hand, settle, sent } = writer()
    const log: string[] = []
    hand('a', step(alpha))
    const work = committer.exclusively(async () => {
      log.push(`alone after ${sent.length}`)
      await turn()
      log.push(`still after ${sent.length}`)
      return 7
    })
    hand('b', step(beta))
    assert.equal(committer.isSettled, false)
    assert.equal(await work, 7)
    await settle()
    assert.deepEqual(log, ['alone after 1', 'still after 1'])
    assert.deepEqual(sent, [1, 1])
    assert.ok(committer.isSettled)
    await assert.rejects(
      committer.exclusively(async () => {
        throw new Error('no')
      }),
      /no/,
    )
    assert.ok(committer.isSettled)
  })

  test('is settled when everything before is, whatever comes meanwhile', async () => {
    const { committer, hand } = writer()
    await committer.settled()
    hand('a', step(alpha))
    const first = committer.settled()
    hand('b', step(beta))
    await first
    await committer.settled()
    assert.ok(committer.isSettled)
  })

  test('a batch has as much text as one may have, and a larger commit is one by itself', async () => {
    const mega = 1024 * 1024
    const { hand, settle, sent } = writer()
    for (const [name, length] of [
      ['a', 4 * mega],
      ['b', 4 * mega],
      ['c', 1],
      ['d', 9 * mega],
      ['e', 1],
    ] as const)
      hand(name, step(parseAccountId(`${'abcde'.indexOf(name) + 1}`.repeat(12))!), length)
    await settle()
    assert.deepEqual(sent, [2, 1, 1, 1])
  })
})
