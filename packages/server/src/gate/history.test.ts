import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Dependencies } from '../authorization/index.ts'
import { Notice } from '../base/index.ts'
import { History, type Retention } from './history.ts'

const minute = 60_000
const day = 86_400_000

/** A history over a store that says what it is asked. */
function historyOf({ mock }: TestContext, retention: Retention) {
  mock.timers.enable({ apis: ['setInterval'] })
  const log: string[] = []
  const complaints: string[] = []
  const state = { now: 100 * day, isMine: true, fails: '' }
  const fail = (what: string) => {
    log.push(what)
    if (state.fails === what.split(' ')[0]) throw new Error(`${what.split(' ')[0]} failed`)
  }
  const store = {
    lease: async (name: string, milliseconds: number) => {
      fail(`lease ${name} ${milliseconds}`)
      return state.isMine ? 'token' : undefined
    },
    release: async (token: string) => fail(`release ${token}`),
    eventsBeyond: async (bytes: number) => {
      fail(`beyond ${bytes}`)
      return 'position'
    },
    forgetEvents: async (what: object) => fail(`forget ${JSON.stringify(what)}`),
    forgetDenials: async (before: number) => fail(`denials ${before}`),
    readSetting: async () => undefined,
    accounts: async () => [],
    kept: async () => [],
    deliveries: { of: async () => new Map() },
  }
  const deps = {
    clock: { now: () => state.now },
    recorder: { takeOver: async () => fail('takeOver'), flush: async () => {} },
    directory: { store },
  } as unknown as Dependencies
  const history = new History(
    { deps, store: store as never, target: undefined, lake: undefined, retention },
    (error) => complaints.push(error instanceof Notice ? error.message : String(error)),
  )
  const pass = async (milliseconds: number) => {
    state.now += milliseconds
    mock.timers.tick(milliseconds)
    for (let i = 0; i < 20; i++) await turn()
    return log.splice(0)
  }
  return { history, pass, state, log, complaints }
}

const hourly = (now: number, days: number) => [
  'takeOver',
  'lease history 150000',
  `forget {"before":${now - days * day}}`,
  `denials ${now - day}`,
]

describe('the life of events', () => {
  test('ends after the days of retention, looked for once an hour by the one node that may (TRL-55, TRL-62)', async (t) => {
    const { pass, state, history, complaints } = historyOf(t, { days: 90, bytes: undefined })
    assert.deepEqual(await pass(minute), hourly(state.now, 90))
    for (let n = 0; n < 59; n++) assert.deepEqual(await pass(minute), ['takeOver', 'lease history 150000'])
    assert.deepEqual(await pass(minute), hourly(state.now, 90))
    // a clock that was set back is no reason to wait
    state.now -= day
    assert.deepEqual(await pass(minute), hourly(state.now, 90))
    state.isMine = false
    state.now += day
    assert.deepEqual(await pass(minute), ['takeOver', 'lease history 150000'])
    await history.close()
    assert.deepEqual(await pass(10 * minute), [])
    assert.deepEqual(complaints, [])
    assert.deepEqual([history.undelivered, history.lagSeconds], [0, undefined])
  })

  test('ends earlier where they may take only so many bytes', async (t) => {
    const { pass, state } = historyOf(t, { days: 1, bytes: 5_000 })
    assert.deepEqual(await pass(minute), [
      'takeOver',
      'lease history 150000',
      'beyond 5000',
      `forget {"before":${state.now - day},"upTo":"position"}`,
      `denials ${state.now - day}`,
    ])
  })

  test('is tried again in the next minute if the store fails', async (t) => {
    const { pass, state, complaints } = historyOf(t, { days: 90, bytes: undefined })
    for (const what of ['takeOver', 'lease', 'forget', 'denials']) {
      state.fails = what
      await pass(minute)
      assert.deepEqual(complaints.splice(0), [`Error: ${what} failed`])
    }
    state.fails = ''
    assert.deepEqual(await pass(minute), hourly(state.now, 90))
  })

  test('gives its turn to another node when the server stops', async (t) => {
    const { pass, history, log, state, complaints } = historyOf(t, { days: 90, bytes: undefined })
    await pass(minute)
    state.fails = 'release'
    await history.close()
    assert.deepEqual(log, ['release token'])
    assert.deepEqual(complaints, ['Error: release failed'])
    const other = historyOf({ mock: { timers: { enable() {} } } } as never, { days: 90, bytes: undefined })
    await other.history.close()
    assert.deepEqual(other.log, [])
  })
})
