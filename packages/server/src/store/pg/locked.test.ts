import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { alpha, commitOf, event, put } from '../../../../../test/store/fixture.ts'
import { needs, type Postgres, startPostgres } from '../../../../../test/support/index.ts'
import { parsePgUrl } from './address.ts'
import { Connector, Link } from './link.ts'
import { openPgStore } from './open.ts'

describe('a lock that another client holds', needs('postgres'), () => {
  let cluster: Postgres
  before(async () => {
    cluster = await startPostgres()
  })
  after(async () => {
    await cluster?.[Symbol.asyncDispose]()
  })

  test('refuses what waits for it, once for all that were sent together, and costs no connection', async () => {
    const store = await openPgStore({ url: cluster.url(), patience: { lock: 300 } })
    const other = new Link(new Connector(parsePgUrl(cluster.url())), 'other')
    try {
      await store.commit(commitOf(alpha, 0, [put('n', 'n', 0)]))
      await other.open()
      await other.query('BEGIN')
      await other.query('SELECT * FROM omen.accounts FOR UPDATE')
      const connections = () =>
        cluster.sql(
          "SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE application_name LIKE 'omen %'",
        )
      const known = connections()
      const change = commitOf(alpha, 1, [put('n', 'n', 1)])
      const outcomes = await Promise.allSettled([
        store.commit(change),
        ...Array.from({ length: 20 }, () => store.record([event()], 'disk')),
      ])
      for (const each of outcomes)
        assert.match(String(each.status === 'rejected' ? each.reason : 'kept'), /lock timeout \(55P03\)/)
      await store.record([event()], 'disk')
      assert.equal((await store.loadAccount(alpha))?.items[0]?.value, '0')
      assert.equal(connections(), known)
      await other.query('ROLLBACK')
      assert.deepEqual(await store.commit(change), { ok: true })
    } finally {
      await other.close()
      await store.close()
    }
  })
})
