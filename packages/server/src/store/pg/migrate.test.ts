import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs, startPostgres } from '../../../../../test/support/index.ts'
import { type AccountId, peopleBeside } from '../../base/index.ts'
import type { EventQuery } from '../types.ts'
import { migrateSchema } from './migrate.ts'
import { migratePgStore, openPgStore } from './open.ts'
import { createSchema, newestVersion, stepsAfter } from './schema.ts'

const alpha = '111111111111' as AccountId // twelve digits

/** A database that only counts. `seen` are the versions that other connections could have found. */
function counting(version: number) {
  const seen: number[] = []
  let own = version
  const query = async (text: string, values: readonly unknown[] = []) => {
    if (text.startsWith('UPDATE omen.schema')) own = Number(values[0])
    if (text === 'COMMIT') seen.push(own)
    return { rows: text.startsWith('SELECT version') ? [{ version: own }] : [] }
  }
  return { client: { query } as unknown as Parameters<typeof migrateSchema>[0], seen }
}

test('an empty database gets all steps at once: a node that starts meanwhile never finds some of them', async () => {
  const { client, seen } = counting(0)
  assert.deepEqual(await migrateSchema(client), { from: 0, to: newestVersion })
  assert.deepEqual(new Set(seen), new Set([newestVersion]))
})

test('an older schema gets the steps that it lacks one by one', async () => {
  const { client, seen } = counting(1)
  assert.deepEqual(await migrateSchema(client), { from: 1, to: newestVersion })
  assert.deepEqual(
    [...new Set(seen)],
    Array.from({ length: newestVersion - 1 }, (_, n) => n + 2),
  )
})

test(
  'SSO-130: a database of schema 3 is migrated: its events are found and indexed, and users move beside their account',
  needs('postgres'),
  async () => {
    await using cluster = await startPostgres()
    cluster.create('third')
    cluster.sql(createSchema, 'third')
    for (const { version, least, text } of stepsAfter(0).slice(0, 3))
      cluster.sql(`${text}; UPDATE omen.schema SET version = ${version}, least = ${least}`, 'third')
    const heads = [1, 2, 3].map(
      (n) =>
        `[${n},"${alpha}","us-east-1","e-${n}","GetRole","iam",${n === 2 ? '"b"' : 'null'},null,1,null,[],2]`,
    )
    cluster.sql(
      `INSERT INTO omen.streams VALUES (1, gen_random_uuid(), 0, true);
    INSERT INTO omen.events (stream, last, first, from_time, to_time, kept, events, body)
      VALUES (1, 4, 1, 1, 3, 1, 3, convert_to('${[heads[0], '0', heads[1], heads[2]].join()}' || chr(10) || '{}{}{}', 'UTF8'))`,
      'third',
    )
    const items = [
      ['center/user', 'u'],
      ['center/membership', 'm'],
      ['iam/login-profile', 'u'],
      ['iam/login-profile', 'AIDA'],
      ['center/instance', 'i'],
    ]
    cluster.sql(
      `INSERT INTO omen.accounts VALUES (${alpha}, 7, gen_random_uuid(), 1);
    INSERT INTO omen.items VALUES ${items.map(([kind, id]) => `(${alpha}, '${kind}', '${id}', '{}')`).join()}`,
      'third',
    )
    const url = cluster.url('third')
    await assert.rejects(openPgStore({ url }), /has schema 3, and this Omen needs 5: run omen store migrate/)
    assert.deepEqual(await migratePgStore({ url }), { from: 3, to: newestVersion })
    const store = await openPgStore({ url, eventsInBlock: 2 })
    try {
      const ids = async (query: Partial<EventQuery>) =>
        (await store.lookUpEvents({ account: alpha, limit: 5, ...query })).events.map(({ id }) => id)
      const attribute = { key: 'Username', value: 'b' } as const
      const kinds = async (id: AccountId) =>
        (await store.loadAccount(id))?.items.map((item) => `${item.kind} ${item.id}`).sort()
      assert.deepEqual(await kinds(alpha), ['center/instance i', 'iam/login-profile AIDA'])
      const people = ['center/membership m', 'center/user u', 'iam/login-profile u']
      assert.deepEqual(await kinds(peopleBeside(alpha)), people)
      assert.equal((await store.loadAccount(alpha))?.revision, 8)
      assert.deepEqual(await store.accounts(), [alpha])
      assert.deepEqual(await store.kept(), [alpha, peopleBeside(alpha)])
      assert.deepEqual(await ids({}), ['e-3', 'e-2', 'e-1'])
      assert.deepEqual(await ids({ attribute }), ['e-2'])
      await store.tidyUp()
      assert.notEqual(cluster.sql('SELECT count(*) FROM omen.event_terms', 'third'), '0')
      assert.deepEqual(await ids({}), ['e-3', 'e-2', 'e-1'])
      assert.deepEqual(await ids({ attribute }), ['e-2'])
    } finally {
      await store.close()
    }
  },
)
