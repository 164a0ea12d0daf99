import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import type { EventPosition, StoredEvent } from '../types.ts'
import { BegunLog, type Write } from './begun.ts'
import { openSqliteStore } from './open.ts'

const account = '111111111111' as AccountId // twelve digits

function event(id: string, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    account,
    region: 'us-east-1',
    id,
    time: 1_700_000_000_000,
    name: 'CreateQueue',
    source: 'sqs.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: 'OutcomeUnknown',
    resources: [],
    json: JSON.stringify({ eventID: id, text: 'a tab\tand a break\n' }),
    ...more,
  }
}

function temporaryFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'omen-begun-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'omen.sqlite')
}

const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id)

test('what was begun is read again as it was, whatever follows the last whole line (GRD-97)', async (t) => {
  const file = temporaryFile(t)
  const first = new BegunLog(file)
  const kept = event('b', { data: true, resources: [{ type: 'T', name: 'n' }] })
  await Promise.all([first.begin([event('a'), kept]), first.begin([event('c')])])
  first.end(['a', 'never begun'])
  assert.equal(statSync(file).mode & 0o777, 0o600)
  appendFileSync(file, '+[1,2\t{}\nnothing\n+no head\t{}\n+[]')

  const second = new BegunLog(file)
  assert.deepEqual(second.list(), [kept, event('c')])
  assert.ok(second.isLeft('b') && !second.isLeft('a'))
  second.end(['b', 'c'])
  await second.begin([event('d')])
  assert.ok(!second.isLeft('d'))
  assert.deepEqual(ids(new BegunLog(file).list()), ['d'])
  second.clear()
  second.close()
  assert.equal(readFileSync(file, 'utf8'), '')
})

test('the file does not grow with what has ended', async (t) => {
  const file = temporaryFile(t)
  const log = new BegunLog(file)
  const json = JSON.stringify('x'.repeat(100_000))
  await log.begin([event('stays')])
  for (let n = 0; n < 200; n++) {
    await log.begin([event(`e${n}`, { json })])
    log.end([`e${n}`])
  }
  assert.ok(statSync(file).size < 5 * 1024 * 1024)
  assert.deepEqual(ids(new BegunLog(file).list()), ['stays'])
})

test('what cannot be written is not begun, and what comes after it is', async (t) => {
  const file = temporaryFile(t)
  let room = Number.POSITIVE_INFINITY
  const write: Write = (descriptor, bytes, offset, length, position) => {
    const most = Math.min(length, room)
    if (most === 0) throw new Error('ENOSPC: no space left on device')
    room -= most
    return writeSync(descriptor, bytes, offset, most, position)
  }
  const log = new BegunLog(file, write)
  await log.begin([event('a')])
  const size = statSync(file).size
  room = 20
  await assert.rejects(log.begin([event('b')]), {
    name: 'StoreUnavailable',
    message: 'ENOSPC: no space left on device',
  })
  assert.equal(statSync(file).size, size)
  assert.deepEqual(ids(log.list()), ['a'])
  room = Number.POSITIVE_INFINITY
  await log.begin([event('c')])
  assert.deepEqual(ids(new BegunLog(file).list()), ['a', 'c'])
})

test('an end that is in the history counts, though the word of it was lost (GRD-90)', async (t) => {
  const file = temporaryFile(t)
  const left = new BegunLog(`${file}-begun`)
  await left.begin([event('ended'), event('data ended', { data: true }), event('open')])
  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  await store.record([event('ended'), event('data ended', { data: true })])
  assert.deepEqual(ids(await store.begun()), ['open'])
  await store.record([{ ...event('open'), begun: true }])
  assert.deepEqual(await store.begun(), [])
  assert.equal((await store.eventsAfter('0' as EventPosition, 10)).events.length, 3)
  await store.close()
  assert.equal(readFileSync(`${file}-begun`, 'utf8'), '')
})
