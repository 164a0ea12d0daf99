import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { count, failuresOf, intrusionsOf, unwalked, used } from './replay/walk-world.ts'

/** `WORLDS=50` walks other numbers of worlds, `FIRST=17` begins with another one. */
const worlds = Number(process.env.WORLDS ?? (process.env.OMEN_SOAK === undefined ? 20 : 1_000))
const first = Number(process.env.FIRST ?? (process.env.OMEN_SOAK === undefined ? 31 : 1))

/** Attackers, and the calls of each. */
const attacks = process.env.OMEN_SOAK === undefined ? 2 : Math.ceil(worlds / 25)
const attackCalls = Number(process.env.CALLS ?? (process.env.OMEN_SOAK === undefined ? 150 : 10_000))

/** Whether the usual accounts are walked: others, or few, may have no path of some kind. */
const isUsual = [process.env.WORLDS, process.env.FIRST, process.env.CALLS].every((each) => each === undefined)

/** The most paths of one answer that are walked, and the principals of a world that they begin with. */
const most = process.env.OMEN_SOAK === undefined ? { paths: 2, starts: 1 } : { paths: 4, starts: 2 }

describe('the graph, walked over the wire', () => {
  test(`${worlds} random accounts: what is proven works, what is blocked fails by the same statement`, async (t) => {
    const failures: string[] = []
    for (let seed = first; seed < first + worlds; seed++) failures.push(...(await failuresOf(seed, most)))
    assert.deepEqual(failures, [], failures.slice(0, 5).join('\n'))
    for (const kind of ['proven', 'conditional', 'without', 'blocked'] as const)
      assert.ok(!isUsual || count[kind] >= worlds / 20, `${kind}: ${count[kind]}`)
    const more = { unwalked: Object.fromEntries(unwalked), techniques: Object.fromEntries(used) }
    t.diagnostic(JSON.stringify({ ...count, ...more }))
  })
})

describe('a random attacker', () => {
  test(`${attacks} attackers of ${attackCalls} calls come to nobody that the graph does not know`, async (t) => {
    const failures: string[] = []
    let reached = 0
    for (let seed = first; seed < first + attacks; seed++) {
      const found = await intrusionsOf(seed, attackCalls)
      failures.push(...found.failures)
      reached += found.reached
    }
    assert.deepEqual(failures, [])
    if (isUsual) assert.ok(reached >= attacks / 8, `${reached} reached`)
    t.diagnostic(`${reached} reached`)
  })
})
