import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { needs } from '../support/index.ts'
import { chance } from './chance.ts'
import { RealCluster } from './real-cluster.ts'
import { WireClients } from './wire-calls.ts'
import { faults } from './wire-faults.ts'
import { wireHistory } from './wire-history.ts'
import { endedSession, guesses, newMember, oneCode } from './wire-work.ts'

/** The minutes of each fault of a soak. */
const minutes = process.env.OMEN_SOAK === undefined ? 0 : Number(process.env.OMEN_SOAK_MINUTES ?? '2')

describe('three nodes on one PostgreSQL, over the wire', needs('postgres', 'boto3'), () => {
  let cluster: RealCluster
  let member: Awaited<ReturnType<typeof newMember>>
  before(async () => {
    cluster = await RealCluster.open()
    member = await newMember(new WireClients(cluster, chance(1), { tag: 'first', pause: 0 }))
  })
  after(() => cluster?.[Symbol.asyncDispose]())

  test('wrong passwords, MFA codes and ended sessions count at all nodes, though a clock is ahead', async () => {
    const clients = new WireClients(cluster, chance(2), { tag: 'calm', pause: 0 })
    await oneCode(clients)
    for (const minter of [0, 2]) await endedSession(clients, minter)
    await guesses(clients)
    assert.deepEqual(clients.problems, [])
    assert.equal(clients.counts.unknown, 0)
  })

  test('keep one history while nodes, wires and PostgreSQL fail', async (t) => {
    const random = chance(3)
    const outcome = await wireHistory({
      cluster,
      seed: 3,
      member,
      faults: async () => {
        await sleep(500)
        for (const [name, fault] of Object.entries(faults)) {
          const began = performance.now()
          await fault(cluster, random)
          t.diagnostic(`${name}: ${Math.round(performance.now() - began)} ms`)
          await sleep(300)
        }
      },
    })
    t.diagnostic(`${outcome.calls} calls, ${outcome.unknown} without an answer`)
    assert.deepEqual(outcome.problems, [])
    assert.ok(outcome.unknown > 0, 'something failed')
    assert.ok(outcome.calls > 100)
  })

  if (minutes > 0)
    for (const [name, fault] of Object.entries(faults))
      test(`keep one history for ${minutes} minutes: ${name}`, async (t) => {
        let [calls, unknown, seed] = [0, 0, 1_000]
        for (const end = performance.now() + minutes * 60_000; performance.now() < end; ) {
          const random = chance(++seed)
          const over = performance.now() + 20_000
          const run = async () => {
            while (performance.now() < over) {
              await fault(cluster, random)
              await cluster.ready()
              await sleep(1_000 * random())
            }
          }
          const outcome = await wireHistory({ cluster, seed, member, faults: run, pause: 20 })
          assert.deepEqual(outcome.problems, [], `seed ${seed}`)
          calls += outcome.calls
          unknown += outcome.unknown
        }
        t.diagnostic(`${calls} calls, ${unknown} without an answer`)
      })
})
