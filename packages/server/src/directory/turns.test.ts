import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import type { AccountId } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { Turns } from './turns.ts'

const account = '111111111111' as AccountId

describe('turns of an account', () => {
  let taken = 0
  let epoch = 0
  let bring = async () => {}
  let turns: Turns
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    taken = 0
    epoch = 0
    bring = async () => {}
    const store = {
      async turn<T>(_: AccountId, work: () => Promise<T>) {
        taken++
        return work()
      },
    } as Partial<Store> as Store // turns ask for nothing else
    turns = new Turns({ store, bring: () => bring(), epochOf: () => epoch })
  })
  afterEach(() => mock.timers.reset())

  /** Work that runs until the test calls `resolve`. */
  const work = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let began = false
    const joined = turns.join(account, () => {
      began = true
      return promise
    })
    return { joined, resolve, hasBegun: () => began }
  }

  test('calls join a turn while it is open, and the next one when it is not', async () => {
    const [first, second] = [work(), work()]
    await turnOfLoop()
    const third = work()
    assert.deepEqual(
      [first, second, third].map((each) => each.hasBegun()),
      [true, true, true],
    )
    mock.timers.tick(8)
    const fourth = work()
    for (const each of [first, second]) each.resolve()
    await turnOfLoop()
    assert.equal(fourth.hasBegun(), false, 'the third is still running')
    third.resolve()
    await turnOfLoop()
    assert.equal(fourth.hasBegun(), true)
    assert.equal(taken, 2)
  })

  test('a turn waits a moment for the next call, and ends when none comes', async () => {
    const first = work()
    first.resolve()
    await first.joined
    const second = work()
    second.resolve()
    await second.joined
    assert.equal(taken, 1)
    mock.timers.tick(1)
    await turnOfLoop()
    work()
    await turnOfLoop()
    assert.equal(taken, 2)
  })

  test('a call that takes too long does not hold the turn', async () => {
    work()
    await turnOfLoop()
    mock.timers.tick(8)
    const second = work()
    mock.timers.tick(992)
    await turnOfLoop()
    assert.equal(second.hasBegun(), true)
  })

  test('an account is contended until three turns in a row found no change of another node', async () => {
    const takeTurn = async () => {
      const one = work()
      one.resolve()
      await one.joined
      mock.timers.tick(1)
      await turnOfLoop()
    }
    assert.equal(turns.isContended(account), false)
    for (let n = 0; n < 4; n++) {
      await takeTurn()
      epoch++
    }
    assert.equal(turns.isContended(account), true)
    for (let n = 0; n < 4; n++) {
      assert.equal(turns.isContended(account), true)
      await takeTurn()
    }
    assert.equal(turns.isContended(account), false)
  })

  test('calls fail with the turn that they wait for, and the next turn is a new one', async () => {
    bring = () => Promise.reject(new Error('the store is away'))
    await Promise.all([1, 2].map(() => assert.rejects(work().joined, /away/)))
    bring = async () => {}
    const next = work()
    next.resolve()
    await next.joined
  })
})
