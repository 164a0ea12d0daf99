import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { parseAccountId } from '../../base/index.ts'
import { newLineage } from '../lineage.ts'
import { BegunLog } from './begun.ts'
import type { Executor } from './executor.ts'
import { FailureCounts } from './failure-counts.ts'
import type { Answer, Answers, Request } from './request.ts'
import { lengthOf } from './request-length.ts'
import { SqliteStore } from './store.ts'

const account = parseAccountId('111111111111')!

/** A store whose database answers when, and what, the test says. */
function asked() {
  const lists: (readonly Request[])[] = []
  const answers: ((given: Answers | Error) => void)[] = []
  let closed = 0
  const executor: Executor = {
    execute: (requests) =>
      new Promise((resolve, reject) => {
        lists.push(requests)
        answers.push((given) => (given instanceof Error ? reject(given) : resolve(given)))
      }),
    processorTime: async () => 42,
    close: async () => {
      closed++
    },
  }
  let released = 0
  const store = new SqliteStore('a store', executor, new BegunLog(), () => released++)
  /** Answers the oldest list, each request in the same way. */
  const answer = async (value: unknown, syncs = 0) => {
    const count = lists.at(-answers.length)!.length
    const one = { ok: true, value } as Answer
    answers.shift()!({ answers: Array.from({ length: count }, () => one), syncs })
    await turn()
  }
  const fail = async (given: Answers | Error) => {
    answers.shift()!(given)
    await turn()
  }
  return { store, lists, answer, fail, ends: () => [closed, released] }
}

const addWork = (value: string) => ({ id: 'w', value })

describe('the requests of a store on SQLite', () => {
  test('of one turn are one list, and each gets its own answer', async () => {
    const { store, lists, fail, answer } = asked()
    const [a, b] = [store.readSetting('a'), store.readSetting('b')]
    await turn()
    assert.deepEqual(
      lists.map((list) => list.map((each) => ('name' in each ? each.name : ''))),
      [['a', 'b']],
    )
    const c = store.readSetting('c')
    await turn()
    assert.equal(lists.length, 2)
    await fail({
      answers: [
        { ok: true, value: 'one' },
        { ok: true, value: undefined },
      ],
      syncs: 3,
    })
    assert.deepEqual([await a, await b], ['one', undefined])
    assert.deepEqual(store.statistics(), { requests: 2, syncs: 3 })
    await answer('three', 4)
    assert.equal(await c, 'three')
    assert.deepEqual(store.statistics(), { requests: 3, syncs: 4 })
    assert.equal(await store.processorTime(), 42)
  })

  test('fail as the database says, or all together', async () => {
    const { store, fail } = asked()
    const some = Promise.allSettled([store.readSetting('a'), store.readSetting('b')])
    await turn()
    await fail({
      answers: [
        { ok: false, message: 'full', damaged: false },
        { ok: false, message: 'torn', damaged: true },
      ],
      syncs: 0,
    })
    const reasons = (await some).map(
      (each) => each.status === 'rejected' && `${each.reason.name}: ${each.reason.message}`,
    )
    assert.deepEqual(reasons, ['StoreUnavailable: full', 'StoreDamaged: torn'])
    const all = Promise.allSettled([store.readSetting('a'), store.readSetting('b')])
    await turn()
    await fail(new Error('the thread ended'))
    assert.deepEqual(
      (await all).map(({ status }) => status),
      ['rejected', 'rejected'],
    )
  })

  test('wait in a queue that is bounded by their number', async () => {
    const { store, answer } = asked()
    const waiting = Array.from({ length: 100_000 }, () => store.readSetting('a'))
    await assert.rejects(store.readSetting('more'), {
      name: 'StoreUnavailable',
      message: 'more than 100000 requests wait for the store',
    })
    await turn()
    // what is being executed counts, too
    await assert.rejects(store.readSetting('more'), /100000 requests/)
    await answer('value')
    assert.equal((await Promise.all(waiting)).length, 100_000)
    const next = store.readSetting('next')
    await turn()
    await answer('there')
    assert.equal(await next, 'there')
  })

  test('wait in a queue that is bounded by their text; one by itself may be longer', async () => {
    const { store, answer, fail } = asked()
    const half = 'x'.repeat(32 * 1024 * 1024)
    const add = (value: string) => store.works.add(addWork(value), 0)
    const [first, second] = [add(half), add(half)]
    await assert.rejects(add('x'), { message: `more than ${64 * 1024 * 1024} characters wait for the store` })
    await turn()
    await assert.rejects(add('x'), /characters wait/)
    await answer(true)
    assert.deepEqual(await Promise.all([first, second]), [true, true])
    const huge = assert.rejects(add(`${half}${half}${half}`), /too long/)
    await turn()
    await fail(new Error('too long'))
    await huge
    const small = add('x')
    await turn()
    await answer(true)
    assert.ok(await small)
  })

  test('have pages of one to a thousand', async () => {
    const { store, lists } = asked()
    for (const limit of [-1, 0, 1, 1_000, 1_001]) void store.denials(limit)
    await turn()
    assert.deepEqual(
      lists[0]!.map((each) => 'limit' in each && each.limit),
      [1, 1, 1, 1_000, 1_000],
    )
  })

  test('that wait are executed before it closes, and none after', async () => {
    const { store, lists, answer, ends } = asked()
    const last = store.readSetting('last')
    const closing = store.close()
    assert.equal(store.close(), closing)
    await assert.rejects(store.readSetting('more'), { message: 'the store is closed' })
    await assert.rejects(store.begin([]), { message: 'the store is closed' })
    assert.equal(lists.length, 1)
    await answer('value')
    assert.equal(await last, 'value')
    await closing
    assert.deepEqual(ends(), [1, 1])
  })

  test('of a lost lease are refused without the database', async () => {
    const { store, lists } = asked()
    const lease = await store.lease('history')
    assert.deepEqual(await store.lease('history'), lease)
    const other = await store.lease('other')
    assert.notEqual(other.token, lease.token)
    const fenced = (token: number, job = 'history') =>
      store.commit({ accounts: [], events: [], fence: { job, token } })
    assert.deepEqual(await fenced(lease.token + 7), { ok: false, fenced: true })
    assert.deepEqual(await fenced(lease.token, 'none'), { ok: false, fenced: true })
    await store.release({ ...lease, token: lease.token + 7 })
    void fenced(lease.token)
    await turn()
    assert.equal(lists.length, 1)
    await store.release(lease)
    assert.deepEqual(await fenced(lease.token), { ok: false, fenced: true })
  })
})

test('turns of an account come one after the other, whatever becomes of them', async () => {
  const { store } = asked()
  const log: string[] = []
  const one = store.turn(account, async () => {
    log.push('one begins')
    await turn()
    log.push('one ends')
    throw new Error('no')
  })
  const two = store.turn(account, async () => log.push('two'))
  const other = store.turn(parseAccountId('222222222222')!, async () => log.push('other'))
  await assert.rejects(one, /no/)
  await Promise.all([two, other])
  assert.deepEqual(log, ['one begins', 'other', 'one ends', 'two'])
})

test('a request has the length of its texts and bytes', () => {
  const event = { text: 'event', count: 1, from: 1, to: 1 }
  const denial = { json: 'json', documents: [['hash', 'document']] }
  const change = (value: string | null) => ({ kind: 'k', id: 'i', value })
  const commit = { verb: 'commit', accounts: [], events: [], denials: [] }
  const table: readonly (readonly [request: object, length: number])[] = [
    [{ verb: 'readSetting', name: 'name' }, 0],
    [{ verb: 'addWork', work: addWork('four'), now: 0 }, 4],
    [{ verb: 'endWork', id: 'w' }, 0],
    [{ verb: 'endWork', id: 'w', again: { value: 'value', due: 0 } }, 5],
    [{ verb: 'keepDelivery', step: { after: 'after' } }, 5],
    [{ verb: 'keepDelivery', step: { after: 'after', files: [{ value: 'a' }, { value: 'bc' }] } }, 8],
    [{ verb: 'keepDelivery', step: { files: [{ value: 'a' }] } }, 1],
    [{ verb: 'record', events: [event, event], denials: [denial] }, 10 + 4 + 8],
    [{ ...commit, events: [event], denials: [denial] }, 5 + 4 + 8],
    [{ ...commit, accounts: [{ account, next: newLineage(), changes: [change('abc'), change(null)] }] }, 3],
    [
      {
        ...commit,
        accounts: [
          { changes: [], packed: [Buffer.alloc(7)], blobs: [{ name: 'b', bytes: Buffer.alloc(9) }] },
        ],
      },
      16,
    ],
  ]
  for (const [request, length] of table)
    assert.equal(lengthOf(request as Request), length, JSON.stringify(request))
})

test('failures are counted by name within a window that begins with the first', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000 })
  const counts = new FailureCounts()
  assert.deepEqual(
    [counts.count('a', 1, 100), counts.count('a', 2, 100), counts.count('b', 1, 100)],
    [1, 3, 1],
  )
  t.mock.timers.setTime(1_099)
  assert.equal(counts.count('a', 1, 100), 4)
  t.mock.timers.setTime(1_100)
  assert.equal(counts.count('a', 1, 100), 1)
  assert.equal(counts.count('a', -5, 100), 0)
  t.mock.timers.setTime(1_199)
  // nothing was left: a new window begins
  assert.equal(counts.count('a', 1, 100), 1)
  t.mock.timers.setTime(1_250)
  assert.equal(counts.count('a', 0, 100), 1)
  counts.clear()
  assert.equal(counts.count('a', 0, 100), 0)
})
