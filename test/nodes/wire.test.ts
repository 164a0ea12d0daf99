// Begins first: three nodes, clients and faults take more than a minute.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { omen } from '../cli/process.ts'
import { needs } from '../support/index.ts'
import { Balancer } from './balancer.ts'
import { chance } from './chance.ts'
import { LostInvocation } from './lost-invocation.ts'
import { RealCluster } from './real-cluster.ts'
import { loading, masterKey, RealNode } from './real-node.ts'
import { UpgradeLoad } from './upgrade-load.ts'
import { WireClients } from './wire-calls.ts'
import { faults } from './wire-faults.ts'
import { wireHistory } from './wire-history.ts'
import { endedSession, guesses, newMember, newTrail, oneCode } from './wire-work.ts'

/** The minutes of each fault of a soak. */
const minutes = process.env.OMEN_SOAK === undefined ? 0 : Number(process.env.OMEN_SOAK_MINUTES ?? '2')

describe('three nodes on one PostgreSQL, over the wire', needs('postgres', 'boto3'), () => {
  let cluster: RealCluster
  let member: string
  before(async () => {
    cluster = await RealCluster.open()
    const clients = new WireClients(cluster, chance(1), { tag: 'first', pause: 0 })
    member = await newMember(clients)
    await newTrail(clients)
  })
  after(() => cluster?.[Symbol.asyncDispose]())

  test('wrong passwords, MFA codes and ended sessions count at all nodes, though a clock is ahead', async () => {
    const clients = new WireClients(cluster, chance(2), { tag: 'calm', pause: 0 })
    await oneCode(clients)
    for (const minter of [0, 2]) await endedSession(clients, minter)
    await guesses(clients)
    assert.deepEqual(clients.problems, [])
  })

  test('keep one history and every event for a function while nodes, wires and PostgreSQL fail', async (t) => {
    const random = chance(3)
    await using lost = await LostInvocation.open(cluster)
    const outcome = await wireHistory({
      cluster,
      seed: 3,
      member,
      faults: async () => {
        await sleep(500)
        await lost.begin('lost')
        for (const [name, fault] of Object.entries(faults)) {
          const began = performance.now()
          await fault(cluster, random)
          t.diagnostic(`${name}: ${Math.round(performance.now() - began)} ms`)
          await sleep(300)
        }
      },
    })
    t.diagnostic(`${outcome.calls} calls, ${outcome.unknown} without an answer, ${outcome.delivered} events`)
    assert.deepEqual(outcome.problems, [])
    assert.ok(await lost.hasEnded('lost'), 'another node runs what the killed one had begun (LAM-59)')
    assert.ok(outcome.unknown > 0, 'something failed')
    assert.ok(outcome.calls > 100)
  })

  test('a rolling upgrade under load fails no call, and two schemas work side by side', async (t) => {
    await using balancer = await Balancer.open(() => cluster.nodes)
    await using load = new UpgradeLoad(balancer.url, cluster.nodes[0]!.keys.admin)
    load.begin(2)
    const environment = { OMEN_MASTER_KEY: masterKey, ...loading(['next-release.mjs']) }
    const migrated = await omen(['store', 'migrate', '--store', cluster.store], environment)
    assert.equal(migrated.status, 0, migrated.stderr)
    const old = { ...cluster.nodes[0]!.options, modules: [] }
    for (const node of cluster.nodes) {
      const began = performance.now()
      await cluster.upgrade(node)
      t.diagnostic(`${node.name}: ${Math.round(performance.now() - began)} ms`)
    }
    await load.end()
    t.diagnostic(`${load.calls} calls`)
    assert.deepEqual(load.failures, [])
    assert.ok(load.calls > 30)
    // the release after the next one needs the step: the old release may not write any more
    cluster.primary.sql('UPDATE omen.schema SET least = version')
    await using late = new RealNode(old)
    await assert.rejects(late.start(), /omen: .* was changed by a newer Omen \(schema \d+; .*\n$/)
    await cluster.ready()
  })

  if (minutes > 0)
    for (const [index, [name, fault]] of Object.entries(faults).entries())
      test(`keep one history for ${minutes} minutes: ${name}`, async (t) => {
        const counts = { histories: 0, faults: 0, calls: 0, unknown: 0, changes: 0, denials: 0, delivered: 0 }
        const broken: string[] = []
        let seed = 1_000 * (index + 1)
        // histories after a broken one show whether it happens again
        for (
          const end = performance.now() + minutes * 60_000;
          performance.now() < end && broken.length < 3;
        ) {
          const random = chance(++seed)
          const over = performance.now() + 20_000
          const run = async () => {
            while (performance.now() < over) {
              await fault(cluster, random)
              counts.faults++
              await cluster.ready()
              await sleep(1_000 * random())
            }
          }
          counts.histories++
          let latest = ''
          try {
            const outcome = await wireHistory({ cluster, seed, member, faults: run, pause: 20 })
            for (const what of ['calls', 'unknown', 'changes', 'denials', 'delivered'] as const)
              counts[what] += outcome[what]
            if (outcome.problems.length > 0) latest = `seed ${seed}: ${outcome.problems.join('\n  ')}`
          } catch (error) {
            latest = `seed ${seed}: ${(error as Error).message}\n${((error as Error).cause as Error).stack}`
            await cluster.ready()
          }
          if (latest !== '') broken.push(latest)
          // a soak takes an hour: a reader sees how far it is
          process.stdout.write(`${new Date().toISOString()} ${name}: ${JSON.stringify(counts)} ${latest}\n`)
        }
        t.diagnostic(JSON.stringify(counts))
        assert.deepEqual(broken, [])
      })
})
