import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Beat } from './beat.ts'
import type { Link } from './link.ts'
import { newestVersion } from './schema.ts'
import type { ServerTables } from './server-tables.ts'

/** Lets what was begun go on. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn()
}

/** The beats of a node, its clock and its connections, with what they were asked. */
async function beating({ mock }: TestContext) {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  const state = {
    now: 100_000,
    least: 0,
    epoch: 'one',
    fails: false,
    hangs: false,
    blind: new Set<string>(),
    left: 0,
    resets: 0,
  }
  const log: string[] = []
  const link = (name: string) => {
    const own = { name, life: 1, renew: (why: string) => log.push(`renew ${name}: ${why}`) }
    return own as unknown as Link
  }
  const [writes, asks, other] = ['writes', 'asks', 'other'].map(link) as [Link, Link, Link]
  const nameOf = (of: Link) => (of as unknown as { name: string }).name
  let beats = 0
  const server = {
    async beat() {
      beats++
      if (state.hangs) await new Promise(() => {})
      if (state.fails) throw new Error('away')
      return { least: state.least, epoch: state.epoch, beat: String(beats) }
    },
    async isSeen(beat: string, isLate: boolean, of = writes) {
      log.push(`${nameOf(of)} ${isLate ? 'late ' : ''}${beat}`)
      return !state.blind.has(nameOf(of))
    },
    async leave() {
      state.left++
      throw new Error('away')
    },
  }
  const beat = new Beat(
    server as unknown as ServerTables,
    { now: () => state.now },
    { asks, others: [other], all: [writes, asks, other] },
    () => state.resets++,
  )
  await turns()
  /** Passes milliseconds, a second at a time. */
  const pass = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 1_000) {
      state.now += Math.min(left, 1_000)
      mock.timers.tick(Math.min(left, 1_000))
      await turns()
    }
    return log.splice(0)
  }
  return { beat, state, pass, log, count: () => beats, asks }
}

const silent = 'PostgreSQL has not acknowledged a write of this node for some seconds'

describe('the beats of a node', () => {
  test('come every second, the first at once, and each connection must see them', async (t) => {
    const { beat, pass, log, count } = await beating(t)
    assert.deepEqual(log.splice(0), ['other late 1', 'asks 1'])
    assert.deepEqual(await pass(2_000), ['other late 2', 'asks 2', 'other late 3', 'asks 3'])
    assert.equal(count(), 3)
    assert.equal(beat.failure, undefined)
    await beat.check()
    await beat.end()
    assert.deepEqual(await pass(3_000), [])
  })

  test('that are missing for more than five seconds silence the node until one is acknowledged', async (t) => {
    const { beat, state, pass } = await beating(t)
    state.fails = true
    await pass(5_000)
    assert.equal(beat.failure, undefined)
    await pass(1_000)
    assert.equal(beat.failure, silent)
    await assert.rejects(beat.check(), { name: 'StoreUnavailable', message: silent })
    state.fails = false
    await beat.check()
    assert.equal(beat.failure, undefined)
    // a clock that was set back says nothing of the last beat
    state.now -= 10_000
    assert.equal(beat.failure, silent)
    await assert.rejects(beat.check(), { message: silent })
  })

  test('are waited for two seconds at most', async (t) => {
    const { beat, state, pass, count } = await beating(t)
    state.hangs = true
    await pass(6_000)
    // one at a time
    assert.equal(count(), 2)
    const checked = assert.rejects(beat.check(), { message: silent })
    await pass(2_000)
    await checked
  })

  test('count only where the connection for questions sees them; another database is left by all', async (t) => {
    const { beat, state, pass, log } = await beating(t)
    log.length = 0
    state.blind.add('asks')
    const seen = await pass(1_000)
    const why = 'it reached another database than the beats of this node'
    assert.deepEqual(seen, [
      'other late 2',
      'asks 2',
      'writes 2',
      `renew writes: ${why}`,
      `renew asks: ${why}`,
      `renew other: ${why}`,
    ])
    await pass(6_000)
    assert.equal(beat.failure, silent)
    // a row that was changed from outside is no other database
    state.blind.add('writes')
    assert.ok((await pass(1_000)).every((line) => !line.startsWith('renew')))
    state.blind.clear()
    state.blind.add('other')
    const late = await pass(1_000)
    assert.ok(late.some((line) => /^writes late \d+$/.test(line)))
    assert.ok(late.some((line) => line.startsWith('renew other')))
    assert.equal(beat.failure, undefined)
  })

  test('of a connection that is another one meanwhile say nothing', async (t) => {
    const { state, pass, asks } = await beating(t)
    state.blind.add('asks')
    let life = 1
    Object.defineProperty(asks, 'life', { get: () => life++ })
    assert.ok((await pass(1_000)).every((line) => !line.startsWith('renew asks')))
  })

  test('notice a newer schema, and that another node emptied the database', async (t) => {
    const { beat, state, pass } = await beating(t)
    await pass(1_000)
    assert.equal(state.resets, 0)
    state.epoch = 'two'
    await pass(2_000)
    assert.equal(state.resets, 1)
    state.least = newestVersion
    await pass(1_000)
    assert.equal(beat.failure, undefined)
    state.least = newestVersion + 1
    await pass(1_000)
    assert.match(beat.failure ?? '', /the schema was changed by a newer Omen/)
    await beat.end()
    assert.equal(state.left, 1)
  })
})
