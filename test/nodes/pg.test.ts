import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPgStore } from '../../packages/server/src/store/index.ts'
import { needs, startPostgres } from '../support/index.ts'
import { historyOf } from './history.ts'
import { openServers } from './twins.ts'

/** Each seed is a run of about a second. */
const runs = process.env.OMEN_SOAK === undefined ? 1 : 60

test('two houses on one PostgreSQL keep one history', needs('postgres'), async () => {
  await using cluster = await startPostgres()
  for (let seed = 1; seed <= runs; seed++) {
    const open = async () => {
      const stores = [await openPgStore({ url: cluster.url() }), await openPgStore({ url: cluster.url() })]
      await stores[0]!.reset()
      return openServers(stores)
    }
    assert.deepEqual(await historyOf({ seed, open, calls: 30 }), [], `seed ${seed}`)
  }
})
