import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs, startPostgres } from '../../../../../test/support/index.ts'
import type { AccountId } from '../../base/index.ts'
import type { StoredEvent } from '../index.ts'
import { keysBefore } from './event-lookup.ts'
import { openPgStore } from './open.ts'

test(
  'a look-up finds terms and rows of events by their keys, and reads no table from end to end',
  needs('postgres'),
  async () => {
    await using cluster = await startPostgres()
    const store = await openPgStore({ url: cluster.url(), eventsInBlock: 100 })
    const users = Array.from({ length: 1_000 }, (_, time) => event(time))
    for (let at = 0; at < users.length; at += 100) await store.record(users.slice(at, at + 100))
    await store.tidyUp()
    await store.close()
    assert.notEqual(cluster.sql('SELECT count(*) FROM omen.event_blocks'), '0')
    // without statistics of large tables PostgreSQL would read these few rows from end to end
    const values = "'{7}'::bigint[], '{7}'::smallint[], 0, 900, 5, 1000, 6, 32"
    const plan = cluster.sql(`SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;
      PREPARE keys AS ${keysBefore.text}; EXPLAIN (FORMAT JSON) EXECUTE keys(${values})`)
    const nodes = nodesOf(JSON.parse(plan.slice(plan.indexOf('[')))[0].Plan)
    const found = nodes.map((node) =>
      [node['Node Type'], node['Relation Name'], node['Index Name'], node['Index Cond']].join(' '),
    )
    const all = found.join('\n')
    assert.doesNotMatch(all, /Seq Scan/)
    // terms of one part of one block; rows by their whole key; rows after the last block of a stream
    assert.match(
      all,
      /event_terms_pkey \(\(stream = \w+\.stream\) AND \(last = \w+\.last\) AND \(part = \w+\.part\)\)/,
    )
    assert.match(all, /events_pkey \(\(stream = \w+\.stream\) AND \(last = /)
    assert.match(all, /events_pkey \(\(stream = \w+\.id\) AND \(last > /)
  },
)

function event(time: number): StoredEvent {
  return {
    account: '111111111111' as AccountId, // twelve digits
    region: 'us-east-1',
    id: `event-${time}`,
    time,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: `user-${time % 50}`,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: '{}',
  }
}

interface PlanNode {
  readonly [member: string]: unknown
  readonly Plans?: readonly PlanNode[]
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
