// Begins first: accounts are searched and walked for half a minute.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { count, failuresOf, intrusionsOf, unwalked, used } from './replay/walk-world.ts'

const { FIRST, WORLDS, CALLS, OMEN_SOAK } = process.env
const isSoak = OMEN_SOAK !== undefined

/** Whether the usual accounts are walked: others, or few, may have no path of some kind. */
const isUsual = [FIRST, WORLDS, CALLS].every((each) => each === undefined)

const range = (first: number, most: number): readonly number[] =>
  Array.from({ length: most }, (_, place) => first + place)

/** `WORLDS=50` walks other numbers of worlds, `FIRST=17` begins with another one. */
const chosen = range(Number(FIRST ?? (isSoak ? 1 : 31)), Number(WORLDS ?? (isSoak ? 1_000 : 6)))

/** Worlds of which something was said that is not so, with system tags, times and names of users. */
const mendedWorlds = [1_036, 1_054, 1_061, 1_180, 1_272]

/** One whose questions take as long as all others together: the soak has it. */
const longWorld = 1_003

/** The numbers of the worlds. The last ones have more of IAM's language. */
const worlds = isUsual
  ? [
      ...chosen,
      ...(isSoak
        ? range(1_001, 300)
        : [...range(1_001, 7).filter((each) => each !== longWorld), ...mendedWorlds]),
    ]
  : chosen

/** The worlds of the attackers, and the calls of each. */
const attacked = isSoak ? chosen.slice(0, Math.ceil(chosen.length / 25)) : chosen.slice(0, 2)
const attackCalls = Number(CALLS ?? (isSoak ? 10_000 : 150))

/** The most paths of one answer that are walked, and the principals of a world that they begin with. */
const most = isSoak ? { paths: 4, starts: 2 } : { paths: 2, starts: 1 }

describe('the graph, walked over the wire', () => {
  test(`${worlds.length} random accounts: what is proven works, what is blocked fails by the same statement`, async (t) => {
    const failures: string[] = []
    for (const seed of worlds) failures.push(...(await failuresOf(seed, most)))
    assert.deepEqual(failures, [], failures.slice(0, 5).join('\n'))
    for (const kind of ['proven', 'conditional', 'without', 'blocked'] as const)
      assert.ok(!isUsual || count[kind] >= worlds.length / 20, `${kind}: ${count[kind]}`)
    const more = { unwalked: Object.fromEntries(unwalked), techniques: Object.fromEntries(used) }
    t.diagnostic(JSON.stringify({ ...count, ...more }))
  })
})

describe('a random attacker', () => {
  test(`${attacked.length} attackers of ${attackCalls} calls come to nobody that the graph does not know`, async (t) => {
    const failures: string[] = []
    let reached = 0
    for (const seed of attacked) {
      const found = await intrusionsOf(seed, attackCalls)
      failures.push(...found.failures)
      reached += found.reached
    }
    assert.deepEqual(failures, [])
    if (isUsual) assert.ok(reached >= attacked.length / 8, `${reached} reached`)
    t.diagnostic(`${reached} reached`)
  })
})
