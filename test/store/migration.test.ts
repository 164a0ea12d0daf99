import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { alpha, denial, event, temporaryDirectory } from './fixture.ts'

test('a home of schema 1 is migrated, keeps all that it had, and learns what is new', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.db')
  // 30 events in three blocks and a tail, an account and a setting, as the program of schema 1 wrote them
  writeFileSync(file, gunzipSync(readFileSync(new URL('./schema-1.db.gz', import.meta.url))))
  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  assert.deepEqual(await store.loadAccount(alpha), {
    revision: 1,
    items: [{ kind: 'user', id: 'a', value: '{}' }],
  })
  assert.equal(await store.readSetting('ring'), 'one')
  const ids = Array.from({ length: 30 }, (_, n) => `event-${n}`)
  assert.deepEqual(
    (await store.eventsAfter(0, 50)).events.map(({ id }) => id),
    ids,
  )
  const attribute = { key: 'ResourceName', value: 'role-3' } as const
  const { events } = await store.lookUpEvents({ account: alpha, attribute, limit: 5 })
  assert.deepEqual(
    events.map(({ id, asked }) => ({ id, asked })),
    [
      {
        id: 'event-3',
        asked: [{ action: 'iam:CreateRole', resource: 'arn:aws:iam::111111111111:role/role-3' }],
      },
    ],
  )

  // blocks of old know what they take
  assert.equal(await store.eventsBeyond(1_000_000), 0)
  const upTo = await store.eventsBeyond(4_000)
  assert.ok(upTo > 5 && upTo < 25, String(upTo))
  assert.equal(await store.forgetEvents({ upTo }), upTo)
  assert.equal(await store.eventsBeyond(4_000), 0)
  const kept = denial()
  await store.record([event({ denial: kept })])
  assert.deepEqual(await store.findDenial(kept.id), kept)
  await store.close()

  const database = new DatabaseSync(file)
  assert.equal(database.prepare('PRAGMA user_version').get()?.user_version, 5)
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
  database.close()
})
