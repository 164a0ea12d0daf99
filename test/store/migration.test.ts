import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type AccountId, parseAccountId, peopleBeside } from '../../packages/server/src/base/index.ts'
import {
  firstPosition,
  newLineage,
  openSqliteStore,
  type StoredEvent,
} from '../../packages/server/src/store/index.ts'
import { text } from './contract-blobs.ts'
import { alpha, denial, event, temporaryDirectory } from './fixture.ts'

test('a home of schema 1 is migrated, keeps all that it had, and learns what is new', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.db')
  // 30 events in three blocks and a tail, an account and a setting, as the program of schema 1 wrote them
  writeFileSync(file, gunzipSync(readFileSync(new URL('./schema-1.db.gz', import.meta.url))))
  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  const loaded = await store.loadAccount(alpha)
  assert.match(loaded?.lineage ?? '', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.deepEqual(loaded, {
    revision: 1,
    lineage: loaded?.lineage,
    items: [{ kind: 'user', id: 'a', value: '{}' }],
  })
  assert.equal(await store.readSetting('ring'), 'one')
  const ids = Array.from({ length: 30 }, (_, n) => `event-${n}`)
  assert.deepEqual(
    (await store.eventsAfter(firstPosition, 50)).events.map(({ id }) => id),
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

  // the chunk that is made of them knows what it takes
  assert.equal(await store.eventsBeyond(1_000_000), undefined)
  assert.equal(await store.eventsBeyond(500), '30')
  const twelfth = '12'
  assert.ok(store.isPosition(twelfth))
  assert.equal(await store.forgetEvents({ upTo: twelfth }), 12)
  const kept = denial()
  await store.record([event({ denial: kept })])
  assert.deepEqual(await store.findDenial(kept.id), kept)
  await store.close()

  const database = new DatabaseSync(file)
  assert.equal(database.prepare('PRAGMA user_version').get()?.user_version, 14)
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
  database.close()
})

for (const version of [9, 11, 13])
  test(`events of schema ${version} are found as they were: compressed, deleted in part, and those of a tail`, async (t) => {
    const file = join(temporaryDirectory(t), 'omen.db')
    // 300 events as the program of the schema wrote them: a block without its first 20, then transactions of one each
    writeFileSync(file, gunzipSync(readFileSync(new URL(`./schema-${version}.db.gz`, import.meta.url))))
    const head = '[7,"111111111111","us-east-1","begun","GetRole","iam.amazonaws.com",null,null,1,null,[],2]'
    writeFileSync(`${file}-begun`, `+${head}\t{}\n`)
    const store = await openSqliteStore({ file })
    t.after(() => store.close())
    const all: StoredEvent[] = []
    for (let position = firstPosition; ; ) {
      const page = await store.eventsAfter(position, 77)
      if (page.events.length === 0) break
      all.push(...page.events)
      position = page.position
    }
    assert.deepEqual(
      all.map(({ id }) => id),
      Array.from({ length: 280 }, (_, n) => `event-${n + 20}`),
    )
    for (const { id, json } of all) assert.equal(JSON.parse(json).eventID, id)
    assert.deepEqual(all[20], {
      ...event({
        id: 'event-40',
        time: 1_700_000_040_000,
        name: 'GetRole',
        username: 'user-0',
        readOnly: true,
      }),
      account: all[20]?.account,
      errorCode: 'AccessDenied',
      resources: [{ type: 'AWS::IAM::Role', name: 'role-4' }],
      asked: [{ action: 'iam:CreateRole', resource: 'role-4' }],
      callerKeys: { 'aws:username': 'お面' },
      decision: 'd-40',
      json: all[20]?.json,
    })
    for (const attribute of [
      { key: 'Username', value: 'user-2' },
      { key: 'EventId', value: 'event-21' },
      { key: 'ResourceName', value: 'role-5' },
    ] as const) {
      const { events } = await store.lookUpEvents({ account: alpha, attribute, limit: 1000 })
      const wanted = all.filter(({ account, data, username, id, resources }) => {
        const values = { Username: username, EventId: id, ResourceName: resources[0]?.name }
        return account === alpha && !data && values[attribute.key] === attribute.value
      })
      assert.ok(wanted.length > 0)
      assert.deepEqual(events, wanted.toReversed())
    }
    assert.deepEqual(
      (await store.begun()).map(({ id }) => id),
      ['begun'],
    )
    // positions go on
    await store.record([event({ id: 'next' })])
    assert.equal(await store.newestPosition(), '301')
  })

test('SSO-130: users and groups of a home of an earlier schema move beside their account', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.db')
  writeFileSync(file, gunzipSync(readFileSync(new URL('./schema-9.db.gz', import.meta.url))))
  const before = new DatabaseSync(file)
  const number = before
    .prepare("INSERT INTO accounts (id, revision, lineage) VALUES ('123456789012', 7, 'x') RETURNING number")
    .get()?.number
  const put = before.prepare('INSERT INTO items (account, kind, id, value) VALUES (?, ?, ?, ?)')
  const theirs = [
    ['center/user', 'u1'],
    ['center/group', 'g1'],
    ['center/membership', 'm1'],
    ['center/mfa-device', 'u1'],
    ['iam/login-profile', 'u1'],
  ] as const
  const own = [
    ['center/instance', 'i'],
    ['center/assignment', 'a'],
    ['iam/login-profile', 'AIDA1'],
    ['iam/user', 'u1'],
  ] as const
  for (const [kind, id] of [...theirs, ...own]) put.run(number!, kind, id, `{"of":"${kind}"}`)
  before.close()

  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  const account = parseAccountId('123456789012')!
  const read = async (id: AccountId) =>
    (await store.loadAccount(id))?.items.map(({ kind, id: key, value }) => [kind, key, value]).sort()
  const wanted = (items: readonly (readonly string[])[]) =>
    items.map(([kind, id]) => [kind, id, `{"of":"${kind}"}`]).sort()
  assert.deepEqual(await read(account), wanted(own))
  assert.deepEqual(await read(peopleBeside(account)), wanted(theirs))
  assert.ok((await store.accounts()).includes(account))
  assert.ok(!(await store.accounts()).includes(peopleBeside(account)))
  assert.ok((await store.kept()).includes(peopleBeside(account)))
  assert.equal((await store.loadAccount(peopleBeside(account)))?.lineage.length, 36)
  // an account without a directory gets none
  assert.equal(await store.loadAccount(peopleBeside(alpha)), undefined)
})

test('packages of functions, once items of the account, become blobs', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.db')
  writeFileSync(file, gunzipSync(readFileSync(new URL('./schema-1.db.gz', import.meta.url))))
  const before = new DatabaseSync(file)
  const put = before.prepare('INSERT INTO items (account, kind, id, value) VALUES (1, ?, ?, ?)')
  const packages = { 'r\nf': 'one', 'r\ng': 'other', 'r\nf\n000000000001': 'one', 'r\nlost': 'lost' }
  for (const [key, content] of Object.entries(packages)) {
    const zip = Buffer.from(content).toString('base64')
    put.run('lambda/code', key, JSON.stringify({ key, size: content.length, zip }))
    if (content !== 'lost') put.run(key.includes('1') ? 'lambda/version' : 'lambda/function', key, '{}')
  }
  before.close()

  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  const read = async (content: string) => {
    const bytes = await store.readBlob(text(content).name)
    return bytes && Buffer.from(bytes).toString()
  }
  assert.deepEqual(await Promise.all(['one', 'other', 'lost'].map(read)), ['one', 'other', undefined])
  const kinds = (await store.loadAccount(alpha))?.items.map(({ kind }) => kind).sort()
  assert.deepEqual(kinds, ['lambda/function', 'lambda/function', 'lambda/version', 'user'])
  // the function goes, its version has the package still; then that goes, too
  const forget = async (kind: string, id: string) => {
    const base = (await store.loadAccount(alpha))?.lineage
    const changes = [{ kind, id, value: null, blob: null }]
    const outcome = await store.commit({
      accounts: [{ account: alpha, base, next: newLineage(), changes }],
      events: [],
    })
    assert.ok(outcome.ok)
  }
  await forget('lambda/function', 'r\nf')
  assert.equal(await read('one'), 'one')
  await forget('lambda/version', 'r\nf\n000000000001')
  assert.equal(await read('one'), undefined)
})
