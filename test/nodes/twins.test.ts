import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type History, historyOf } from './history.ts'
import type { Mutations, NodeOptions } from './node-store.ts'
import { openNodes } from './twins.ts'

const twins =
  (delay: number, more: Omit<NodeOptions, 'delay'> = {}): History['open'] =>
  (random) => {
    const line = { delay: () => (random() < 0.5 ? 0 : Math.floor(random() * delay)), ...more }
    return openNodes([line, line])
  }

async function seen(t: TestContext, mutations: Mutations): Promise<boolean> {
  // which seed shows it depends on the time that calls take
  for (let seed = 1; seed <= 40; seed++) {
    const problems = await historyOf({ seed, open: twins(4, { mutations }) })
    if (problems.length > 0) {
      t.diagnostic(`seed ${seed}: ${problems[0]}`)
      return true
    }
  }
  return false
}

/** Each seed is a run of about a second. */
const runs = process.env.OMEN_SOAK === undefined ? 1 : 60

describe('two houses on one store', () => {
  for (const delay of [0, 3, 10])
    test(`keep one history with delays up to ${delay} ms`, async () => {
      for (let seed = 1; seed <= runs; seed++)
        assert.deepEqual(
          await historyOf({ seed: seed * 100 + delay, open: twins(delay) }),
          [],
          `seed ${seed}`,
        )
    })

  test('keep one history with a store that remembers no changes', async () => {
    assert.deepEqual(await historyOf({ seed: 4, open: twins(3, { forgetful: true }) }), [])
  })

  for (const mutation of ['ignoreReads', 'neverMoved', 'byRevision'] as const)
    test(`would not without a part of the mechanism: ${mutation}`, async (t) => {
      assert.ok(await seen(t, { [mutation]: true }))
    })
})
