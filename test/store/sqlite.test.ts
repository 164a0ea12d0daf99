// Begins first: it waits for the disk, for more than a minute.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { firstPosition, openSqliteStore, type SqliteStore } from '../../packages/server/src/store/index.ts'
import { storeContract } from './contract.ts'
import { alpha, commitOf, event, lineageAt, put, temporaryDirectory } from './fixture.ts'

const syncs = (store: SqliteStore) => store.statistics().syncs

storeContract('SQLite in memory', {
  syncs,
  async open(t) {
    const store = await openSqliteStore({ memory: true })
    t.after(() => store.close())
    return store
  },
})

storeContract('SQLite in a file', {
  syncs,
  open: async (t) => openFile(t, join(temporaryDirectory(t), 'omen.sqlite')),
})

async function openFile(t: TestContext, file: string): Promise<SqliteStore> {
  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  return store
}

test('everything is there after closing and opening again, and only its owner may read it', async (t) => {
  const home = join(temporaryDirectory(t), 'home', 'omen')
  const file = join(home, 'omen.sqlite')
  const first = await openFile(t, file)
  const kept = event({ username: 'dev' })
  await first.commit(commitOf(alpha, 0, [put('user', 'a')], [kept]))
  await first.swapSetting('ring', undefined, 'one')
  for (const name of [file, `${file}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600, name)
  assert.equal(statSync(home).mode & 0o777, 0o700)
  await first.close()

  const second = await openFile(t, file)
  assert.equal(second.description, `sqlite ${file}`)
  assert.deepEqual(await second.loadAccount(alpha), {
    revision: 1,
    lineage: lineageAt(1),
    items: [{ kind: 'user', id: 'a', value: '{}' }],
  })
  const attribute = { key: 'Username', value: 'dev' } as const
  assert.deepEqual(await second.lookUpEvents({ account: alpha, attribute, limit: 5 }), { events: [kept] })
  assert.equal(await second.readSetting('ring'), 'one')
})

test('a value beyond the limit fails alone', async (t) => {
  const store = await openFile(t, join(temporaryDirectory(t), 'omen.sqlite'))
  const [huge, small] = await Promise.allSettled([
    store.record([event({ json: 'x'.repeat(17 * 1024 * 1024) })]),
    store.record([event({ id: 'small' })]),
  ])
  assert.equal(huge.status, 'rejected')
  assert.equal(small.status, 'fulfilled')
  assert.deepEqual(
    (await store.eventsAfter(firstPosition, 10)).events.map(({ id }) => id),
    ['small'],
  )
})

test('a file may be open once in a process, whatever it is called', async (t) => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'omen.sqlite')
  const first = await openFile(t, file)
  await assert.rejects(openSqliteStore({ file: join(directory, '.', 'x', '..', 'omen.sqlite') }), {
    name: 'StoreDamaged',
    message: `${file} is already open in this process`,
  })
  await first.close()
  await openFile(t, file)
})

test('a queue that would fill the memory is refused, and there is room again when it is done', async (t) => {
  const store = await openFile(t, join(temporaryDirectory(t), 'omen.sqlite'))
  const json = 'x'.repeat(15 * 1024 * 1024)
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => store.record([event({ json })])))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  )
  await store.record([event({ json })])
})

test('TRL-53 the room that forgotten events took is used again', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.sqlite')
  let store = await openSqliteStore({ file })
  const fill = async () => {
    for (let n = 0; n < 40; n++) {
      const json = randomBytes(75_000).toString('base64')
      await store.record([event({ json })])
    }
  }
  const size = async () => {
    // the log is carried over
    await store.close()
    const { size } = statSync(file)
    store = await openFile(t, file)
    return size
  }
  await fill()
  const full = await size()
  assert.ok(full > 3_000_000)
  for (let round = 0; round < 3; round++) {
    const upTo = await store.eventsBeyond(0)
    if (upTo) await store.forgetEvents({ upTo })
    await fill()
  }
  assert.ok((await size()) < full * 1.1)
})

test('a page of events ends where they are long, and the next goes on', async (t) => {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  const long = 'x'.repeat(1024 * 1024)
  const made = Array.from({ length: 40 }, (_, n) => event({ id: `long-${n}`, json: long }))
  for (const each of made) await store.record([each])
  const lengths: number[] = []
  const ids: string[] = []
  for (let position = firstPosition; ; ) {
    const page = await store.eventsAfter(position, 1_000)
    if (page.events.length === 0) break
    lengths.push(page.events.length)
    ids.push(...page.events.map(({ id }) => id))
    position = page.position
  }
  assert.deepEqual(lengths, [16, 16, 8])
  assert.deepEqual(
    ids,
    made.map(({ id }) => id),
  )
})
