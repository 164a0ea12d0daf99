import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { account } from '../../../../test/kit/index.ts'
import type { Dependencies } from '../authorization/index.ts'
import { FollowingClock, keyIdOf, ManualClock, seededRandom, systemClock, Vault } from '../base/index.ts'
import type { Standbys, Store } from '../store/index.ts'
import { keepFirst } from './first.ts'
import { everyMinute } from './minute.ts'
import { Readiness } from './readiness.ts'
import { startRecurring } from './recurring.ts'
import { watchReset } from './reset-watch.ts'
import { watchStandbys } from './standby-watch.ts'
import { clockFor, hearTime, keepTime, learnTime } from './store-clock.ts'

/** Passes milliseconds, and lets what they began go on. */
async function pass({ mock }: TestContext, milliseconds: number): Promise<void> {
  mock.timers.tick(milliseconds)
  for (let i = 0; i < 5; i++) await turn()
}

const random = seededRandom('recurring')
const bytes = random.bytes(32)
const vault = new Vault([{ id: keyIdOf(bytes), bytes }], random)

describe('what a server does again and again', () => {
  test('work of a minute begins after one, goes on after a failure, and ends', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const failures: unknown[] = []
    let times = 0
    const end = everyMinute(
      async () => {
        if (++times === 1) throw new Error('away')
      },
      (error) => failures.push(error),
    )
    await pass(t, 59_999)
    assert.equal(times, 0)
    await pass(t, 1)
    assert.deepEqual([times, String(failures)], [1, 'Error: away'])
    await pass(t, 60_000)
    assert.deepEqual([times, failures.length], [2, 1])
    end()
    await pass(t, 120_000)
    assert.equal(times, 2)
  })

  test('a store that begins is asked for its time until an answer is quick', async () => {
    const own = new ManualClock(1_000_000)
    const asked = async (times: readonly number[]) => {
      const clock = new FollowingClock(own)
      const left = [...times]
      const store = {
        async confirm() {
          const begun = clock.begin()
          own.advance(left.shift()!)
          const shown = own.now() - 120_000
          clock.hear(shown, begun)
          return []
        },
      } as unknown as Store
      await learnTime(store, clock)
      return { asked: times.length - left.length, wrong: clock.now() - (own.now() - 120_000) }
    }
    assert.deepEqual(await asked([400, 90, 4, 1]), { asked: 3, wrong: 4 })
    assert.deepEqual(await asked([3, 1]), { asked: 1, wrong: 3 })
    assert.deepEqual(await asked([50, 60, 40, 70, 80, 1]), { asked: 5, wrong: 40 })
  })

  test('a clock follows that of a shared store, and a great difference is said once', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    assert.ok(clockFor({ shared: true }) instanceof FollowingClock)
    assert.equal(clockFor({ shared: false }), systemClock)
    let asked = 0
    let seconds = 0
    let fails = false
    const own = { now: () => 1_000_000 }
    const clock = new FollowingClock(own)
    const store = {
      async confirm() {
        asked++
        if (fails) throw new Error('away')
        clock.hear(own.now() + seconds * 1_000, own.now())
        return []
      },
    } as unknown as Store
    await hearTime(store, systemClock)
    assert.equal(asked, 0)
    await hearTime(store, clock)
    assert.equal(asked, 1)
    const lines: string[] = []
    const end = keepTime(store, clock, (line) => lines.push(line.split(':')[0]!))
    const after = async (now: number) => {
      seconds = now
      await pass(t, 1_000)
      return lines.splice(0)
    }
    await pass(t, 0)
    assert.equal(asked, 2)
    assert.deepEqual(await after(29), [])
    assert.deepEqual(await after(30), ["the clock of the database is 30 seconds ahead of this machine's"])
    assert.deepEqual(await after(40), [])
    fails = true
    assert.deepEqual(await after(0), [])
    fails = false
    assert.deepEqual(await after(0), ['the clocks of the database and of this machine agree again'])
    assert.deepEqual(await after(-30), ["the clock of the database is 30 seconds behind this machine's"])
    end()
    const before = asked
    await after(0)
    assert.equal(asked, before)
    keepTime(store, systemClock, () => assert.fail())()
    assert.equal(asked, before)
  })

  test('a store that another node emptied is noticed by its new mark', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const settings = new Map<string, string>()
    let fails = false
    const store = {
      shared: true,
      async readSetting(name: string) {
        if (fails) throw new Error('away')
        return settings.get(name)
      },
      async swapSetting(name: string, before: string | undefined, value: string) {
        if (settings.get(name) !== before) return false
        settings.set(name, value)
        return true
      },
    } as unknown as Store
    const key = { accessKeyId: 'AKIA', secretAccessKey: 'secret' }
    const fill = () => keepFirst(store, vault, { account, keys: { root: key, admin: key } })
    let times = 0
    const end = watchReset(store, vault, async () => {
      times++
    })
    await pass(t, 1_000)
    assert.ok(await fill())
    await pass(t, 1_000)
    assert.equal(times, 0) // the first mark is none of another store
    settings.clear()
    await pass(t, 1_000)
    await fill()
    fails = true
    await pass(t, 1_000)
    assert.equal(times, 0)
    fails = false
    await pass(t, 1_000)
    await pass(t, 1_000)
    assert.equal(times, 1)
    end()
    settings.clear()
    await fill()
    await pass(t, 5_000)
    assert.equal(times, 1)
    const own = { ...store, shared: false, readSetting: () => assert.fail() }
    watchReset(own, vault, async () => {})()
    await pass(t, 1_000)
  })

  test('lost and found standbys are said every five seconds at most', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    let now: Standbys | undefined
    const lines: string[] = []
    const end = watchStandbys({ standbys: () => now }, (line) => lines.push(line))
    const after = async (next: Standbys | undefined, milliseconds = 5_000) => {
      now = next
      await pass(t, milliseconds)
      return lines.splice(0)
    }
    assert.deepEqual(await after({ count: 1, areAwaited: true }), [])
    const none = { count: 0, areAwaited: true }
    assert.deepEqual(await after(none, 4_999), [])
    assert.match((await after(none, 1)).join(), /^PostgreSQL is set to wait for a synchronous standby/)
    // what is not known for a while changes nothing
    assert.deepEqual(await after(undefined), [])
    assert.deepEqual(await after(none), [])
    assert.deepEqual(await after({ count: 2, areAwaited: true }), [
      'PostgreSQL has 2 synchronous standbys again',
    ])
    end()
    assert.deepEqual(await after(none), [])
    watchStandbys({}, () => assert.fail())()
  })

  test('is begun with the server and ended with it; a node that lacks the newest master key says so once', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const lines: string[] = []
    const done: string[] = []
    let knows: boolean | Error = true
    const deps = {
      clock: systemClock,
      vault,
      directory: { keepUsage: async () => void done.push('usage') },
      keyRing: { refresh: async () => void done.push('keys') },
    } as unknown as Dependencies
    const keys = {
      async refresh() {
        done.push('master')
        if (knows instanceof Error) throw knows
        return knows
      },
    } as unknown as Parameters<typeof startRecurring>[2]
    const start = (shared: boolean) => {
      const store = { shared, readSetting: async () => undefined } as unknown as Store
      return startRecurring(
        deps,
        store,
        keys,
        (error, about) => lines.push(`${about}: ${error}`),
        async () => {},
      )
    }
    const end = start(true)
    await pass(t, 60_000)
    assert.deepEqual([...new Set(done)].sort(), ['keys', 'master', 'usage'])
    assert.equal(done.filter((each) => each === 'master').length, 30)
    knows = new Error('away')
    await pass(t, 2_000)
    assert.deepEqual(lines, [])
    knows = false
    await pass(t, 2_000)
    await pass(t, 2_000)
    assert.equal(lines.length, 1)
    assert.match(
      lines.join(),
      /^the master key: .*the master key was rotated: start this node with the new key/,
    )
    knows = true
    await pass(t, 2_000)
    knows = false
    await pass(t, 2_000)
    assert.equal(lines.length, 2)
    end()
    done.length = 0
    await pass(t, 120_000)
    assert.deepEqual(done, [])
    start(false)
    await pass(t, 4_000)
    assert.deepEqual(done, [])
  })
})

test('a server wants calls while its store does, until it stops', () => {
  let why: string | undefined
  const readiness = new Readiness({ unready: () => why })
  assert.equal(readiness.unready, undefined)
  why = 'The primary is away.'
  assert.equal(readiness.unready, why)
  why = undefined
  readiness.drain()
  assert.equal(readiness.unready, 'The server is stopping.')
  assert.equal(new Readiness({}).unready, undefined)
})
