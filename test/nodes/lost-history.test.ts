import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPgStore } from '../../packages/server/src/store/index.ts'
import { needs, startPostgres } from '../support/index.ts'
import { openServers } from './twins.ts'

test(
  'a node answers from what the database has, also when that has lost changes of the node itself',
  needs('postgres'),
  async (t) => {
    await using cluster = await startPostgres()
    const { nodes, close } = await openServers([await openPgStore({ url: cluster.url() })])
    t.after(close)
    const iam = nodes[0]!.iam()
    const names = async () =>
      ((await iam.listUsers({})).Users ?? []).map(({ UserName }) => UserName).toSorted()
    const state = () => cluster.sql('SELECT lineage, revision FROM omen.accounts').split('|')
    await iam.createUser({ UserName: 'kept' })
    const [lineage, revision] = state()
    await iam.createUser({ UserName: 'lost' })
    assert.deepEqual(await names(), ['admin', 'kept', 'lost'])
    // a standby is promoted that has not received the last change
    cluster.sql(`BEGIN;
    DELETE FROM omen.items WHERE value LIKE '%"name":"lost"%';
    DELETE FROM omen.account_log WHERE revision > ${revision};
    UPDATE omen.accounts SET lineage = '${lineage}', revision = ${revision};
    COMMIT`)
    assert.deepEqual(await names(), ['admin', 'kept'])
    await iam.createUser({ UserName: 'lost' })
    assert.deepEqual(await names(), ['admin', 'kept', 'lost'])
  },
)
