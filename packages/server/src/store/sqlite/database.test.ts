import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import type { Lineage } from '../account-types.ts'
import { packEvents } from '../events/chunk.ts'
import { denialLimits, type StoredEvent } from '../types.ts'
import { connectFile, connectMemory, reserveLog } from './connection.ts'
import { Database } from './database.ts'
import { DenialPacker, denialsKnown } from './denial-pack.ts'
import { LogSync } from './log-sync.ts'
import type { Request } from './request.ts'

const account = '111111111111' as AccountId // twelve digits

function event(id: string, json: string): StoredEvent {
  return {
    account,
    region: 'us-east-1',
    id,
    time: 1_700_000_000_000,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json,
  }
}

/** A file in a directory of the test, deleted after the test. */
function temporaryFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'omen-store-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'omen.sqlite')
}

test('a full disk refuses what does not fit, keeps what was there, and recovers', (t) => {
  const connection = connectFile(temporaryFile(t))
  const database = new Database(connection)
  t.after(() => database.close())
  // Random text cannot be compressed.
  const one = (id: string, bytes: number) => packEvents([event(id, randomBytes(bytes).toString('base64'))])
  const change = (revision: number, id: string): Request => ({
    verb: 'commit',
    accounts: [
      {
        account,
        base: revision === 0 ? undefined : (String(revision) as Lineage),
        next: String(revision + 1) as Lineage,
        changes: [{ kind: 'user', id, value: '{}' }],
      },
    ],
    reads: undefined,
    events: [],
    denials: [],
  })
  database.run([change(0, 'a')])
  const pages = Number(connection.prepare('PRAGMA page_count').get()?.page_count)
  connection.exec(`PRAGMA max_page_count = ${pages + 20}`)

  // The large request does not fail the small ones of its tick.
  const { answers } = database.run([
    { verb: 'record', events: one('small', 10), denials: [] },
    { verb: 'record', events: one('large', 1_000_000), denials: [] },
    change(1, 'b'),
    { verb: 'accounts' },
  ])
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, false, true, true],
  )
  assert.deepEqual(answers[1], { ok: false, message: 'database or disk is full', damaged: false })
  assert.deepEqual(database.run([{ verb: 'loadAccount', account }]).answers[0], {
    ok: true,
    value: {
      revision: 2,
      lineage: '2',
      items: ['a', 'b'].map((id) => ({ kind: 'user', id, value: '{}' })),
    },
  })

  connection.exec('PRAGMA max_page_count = 1000000')
  assert.equal(
    database.run([{ verb: 'record', events: one('large', 1_000_000), denials: [] }]).answers[0]?.ok,
    true,
  )
})

test('a log that was made longer in a quiet moment is read no further than its last commit', (t) => {
  const file = temporaryFile(t)
  const first = connectFile(file)
  const database = new Database(first)
  const kept = [event('first', '{}'), event('second', '{}')]
  database.run([{ verb: 'record', events: packEvents(kept.slice(0, 1)), denials: [] }])
  reserveLog(file)
  const size = statSync(`${file}-wal`).size
  assert.ok(size > 8 * 1024 * 1024, String(size))
  database.run([{ verb: 'record', events: packEvents(kept.slice(1)), denials: [] }])
  assert.equal(statSync(`${file}-wal`).size, size)
  // The state that a killed process leaves.
  const copy = `${file}.copy`
  for (const suffix of ['', '-wal']) cpSync(file + suffix, copy + suffix)
  database.close()
  const again = new Database(connectFile(copy))
  t.after(() => again.close())
  assert.deepEqual(again.run([{ verb: 'eventsAfter', sequence: 0, limit: 10 }]).answers, [
    { ok: true, value: { events: kept, sequence: 2 } },
  ])
})

test('RSN-11 documents of denials that made room for others go with them', () => {
  const connection = connectMemory()
  const database = new Database(connection)
  const packer = new DenialPacker()
  const text = 'x'.repeat(100)
  let made = 0
  const denied = (): StoredEvent => {
    const id = String(made++)
    const place = { account, action: 'iam:CreateRole', resource: '*', time: 1_700_000_000_000 }
    const documents = new Map([[`hash-${id}`, text]])
    return { ...event(id, '{}'), denial: { ...place, id, requestId: id, json: '{}', documents } }
  }
  for (let lot = 0; lot < 30; lot++) {
    const denials = packer.pack(Array.from({ length: 500 }, denied))
    assert.ok(database.run([{ verb: 'record', events: [], denials }]).answers[0]?.ok)
    packer.kept(denials)
  }
  const count = (table: string) => Number(connection.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
  assert.equal(count('denials'), denialLimits.denials)
  assert.equal(count('denial_documents'), denialLimits.denials + denialsKnown)
  database.close()
})

test('after a sync that failed, the next transaction waits for the disk, and no other', async (t) => {
  const file = temporaryFile(t)
  const database = new Database(connectFile(file))
  t.after(() => database.close())
  const one: Request = {
    verb: 'record',
    events: packEvents([event('one', '{}')]),
    denials: [],
    durability: 'process',
  }
  assert.equal(database.run([one]).syncs, 0)
  assert.equal(database.takeUnsynced(), true)
  assert.equal(database.takeUnsynced(), false)
  await new Promise<void>((failed) => new LogSync(`${file}.none`, failed).soon())
  database.beCareful()
  assert.equal(database.run([one]).syncs, 1)
  assert.equal(database.takeUnsynced(), false)
  assert.equal(database.run([one]).syncs, 1)
  assert.equal(database.takeUnsynced(), true)
})
