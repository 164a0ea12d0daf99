import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { parseAccountId } from '../base/index.ts'
import { afterwards, Invocations, type Tried } from './invocations.ts'

const hour = 3_600_000
const first: Tried = {
  id: 'x',
  partition: 'aws',
  account: parseAccountId('123456789012')!,
  region: 'us-east-1',
  name: 'f',
  event: '{}',
  at: 0,
  errors: 0,
  refusals: 0,
}

/** The delays of an invocation that ends in the same way each time. */
function delays(outcome: Parameters<typeof afterwards>[1]): readonly number[] {
  const found: number[] = []
  let now = 0
  for (
    let next = afterwards(first, outcome, now);
    next !== undefined;
    next = afterwards(next.tried, outcome, now)
  ) {
    found.push(next.after)
    now += next.after
  }
  return found
}

test('an event whose function fails is tried after one minute and after two, then no more (LAM-58)', () => {
  assert.deepEqual(delays({ failed: true }), [60_000, 120_000])
  assert.deepEqual(delays({ failed: false }), [])
  assert.deepEqual(delays('gone'), [])
})

test('an event that cannot be run is tried ever more seldom, for six hours (LAM-58)', () => {
  const found = delays('refused')
  assert.deepEqual(found.slice(0, 5), [1_000, 2_000, 4_000, 8_000, 16_000])
  assert.equal(Math.max(...found), 300_000)
  const sum = found.reduce((a, b) => a + b)
  assert.ok(sum <= 6 * hour && sum > 5.9 * hour)
  // refusals take no tries from the function
  const late = { ...first, errors: 1, refusals: 3 }
  assert.deepEqual(afterwards(late, { failed: true }, 0)?.after, 120_000)
  assert.deepEqual(afterwards(late, 'refused', 0)?.tried, { ...late, refusals: 4 })
})

test('a claim that ended while the function runs is claimed again, and does not run it twice', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let [claims, runs] = [0, 0]
  const works = {
    claim: async () => {
      claims++
      return [{ id: 'x', value: 'sealed' }]
    },
    hold: async () => [],
  }
  const decided = () => {
    runs++
    return new Promise(() => {}) // it runs for ever
  }
  const deps = {
    keyRing: { vault: { openText: () => JSON.stringify(first) } },
    directory: { store: { shared: true, works }, decided },
  }
  const invocations = new Invocations(
    () => deps as never,
    (error) => assert.fail(String(error)),
  )
  invocations.start()
  for (let look = 1; look < 4; look++) {
    await turn()
    t.mock.timers.tick(5_000)
  }
  await turn()
  assert.ok(claims > 1)
  assert.equal(runs, 1)
  invocations.stop()
})
