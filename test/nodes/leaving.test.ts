import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPgStore } from '../../packages/server/src/store/index.ts'
import { needs, startPostgres } from '../support/index.ts'
import { openServers } from './twins.ts'

test('a node that stops leaves the delivery of trails to the others at once', needs('postgres'), async () => {
  await using cluster = await startPostgres()
  const other = await openPgStore({ url: cluster.url() })
  try {
    const trailTarget = { put: async () => {} } as never
    const { close } = await openServers([await openPgStore({ url: cluster.url() })], { trailTarget })
    await close()
    assert.ok(await other.lease('history', 1_000))
  } finally {
    await other.close()
  }
})
