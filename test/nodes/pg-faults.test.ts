import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPgStore, type PgStore } from '../../packages/server/src/store/index.ts'
import { until } from '../store/fixture.ts'
import { type CutProxy, needs, openCutProxy, type Postgres, startPostgres } from '../support/index.ts'
import { chance } from './chance.ts'
import { historyOf } from './history.ts'
import { openServers } from './twins.ts'

/** Real nodes meet the same faults in every run of the tests (wire.test.ts). */
const calls = process.env.OMEN_SOAK === undefined ? 25 : 60

/** Each seed is a run of about two seconds. */
const runs = process.env.OMEN_SOAK === undefined ? 1 : 60

describe('two houses on one PostgreSQL keep one history', needs('postgres'), () => {
  let cluster: Postgres
  let proxy: CutProxy
  let stores: readonly PgStore[] = []
  before(async () => {
    cluster = await startPostgres()
    proxy = await openCutProxy(`${cluster.socket}/.s.PGSQL.${cluster.port}`)
  })
  after(async () => {
    await proxy.close()
    await cluster[Symbol.asyncDispose]()
  })

  /** The first is behind the proxy. */
  const open = async () => {
    stores = [
      await openPgStore({ url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` }),
      await openPgStore({ url: cluster.url() }),
    ]
    await stores[1]!.reset()
    return openServers(stores)
  }

  test('though connections of one are cut, and answers to commits are lost', async () => {
    for (let seed = 1; seed <= runs; seed++) {
      const random = chance(seed)
      let cuts = 0
      let cutting: NodeJS.Timeout | undefined
      const cut = () => {
        proxy.passes = 'all'
        proxy.cut()
        cuts++
      }
      const disturb = () => {
        cutting = setInterval(() => {
          proxy.passes = random() < 0.5 ? 'no answers' : 'no questions'
          setTimeout(cut, 10)
        }, 200)
      }
      const calm = async () => {
        clearInterval(cutting)
        await sleep(50)
        await until(async () => stores[0]?.unready() === undefined)
      }
      assert.deepEqual(
        await historyOf({ seed, open, calls, faults: true, disturb, calm }),
        [],
        `seed ${seed}`,
      )
      assert.ok(cuts > 0)
    }
  })

  test('though PostgreSQL is killed', async () => {
    let restarted: Promise<void> | undefined
    const disturb = () => {
      setTimeout(() => {
        restarted = cluster.stop('kill').then(() => cluster.start())
      }, 150)
    }
    const calm = async () => {
      await restarted
      await until(async () => stores.every((store) => store.unready() === undefined))
    }
    assert.deepEqual(await historyOf({ seed: 9, open, calls, faults: true, disturb, calm }), [])
    assert.ok(restarted)
  })
})
