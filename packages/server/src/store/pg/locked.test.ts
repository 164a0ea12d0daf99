import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needs, type Postgres, startPostgres } from '../../../../../test/support/index.ts'
import type { AccountId } from '../../base/index.ts'
import type { Commit, Lineage, StoredEvent } from '../index.ts'
import { parsePgUrl } from './address.ts'
import { Connector, Link } from './link.ts'
import { openPgStore } from './open.ts'

const alpha = '111111111111' as AccountId // twelve digits

/** The commit that makes a revision of the account; there is nothing before revision 1. */
function commitOf(revision: number): Commit {
  const lineage = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as Lineage // of its form
  const base = revision === 1 ? undefined : lineage(revision - 1)
  const changes = [{ kind: 'n', id: 'n', value: String(revision) }]
  return { accounts: [{ account: alpha, base, next: lineage(revision), changes }], events: [] }
}

let made = 0

function event(): StoredEvent {
  return {
    account: alpha,
    region: 'us-east-1',
    id: `event-${made++}`,
    time: 1_700_000_000_000,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: '{}',
  }
}

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
      await store.commit(commitOf(1))
      await other.open()
      await other.query('BEGIN')
      await other.query('SELECT * FROM omen.accounts FOR UPDATE')
      const connections = () =>
        cluster.sql(
          "SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE application_name LIKE 'omen %'",
        )
      const known = connections()
      const change = commitOf(2)
      const outcomes = await Promise.allSettled([
        store.commit(change),
        ...Array.from({ length: 20 }, () => store.record([event()], 'disk')),
      ])
      for (const each of outcomes)
        assert.match(String(each.status === 'rejected' ? each.reason : 'kept'), /lock timeout \(55P03\)/)
      await store.record([event()], 'disk')
      assert.equal((await store.loadAccount(alpha))?.items[0]?.value, '1')
      assert.equal(connections(), known)
      await other.query('ROLLBACK')
      assert.deepEqual(await store.commit(change), { ok: true })
    } finally {
      await other.close()
      await store.close()
    }
  })
})
