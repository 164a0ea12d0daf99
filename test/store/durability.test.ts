import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { openSqliteStore, StoreDamaged } from '../../packages/server/src/store/index.ts'
import { account, alpha, commitOf, event, put, temporaryDirectory } from './fixture.ts'

test('after kill -9 every acknowledged change is there, and its event', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.sqlite')
  const acknowledged = new Map<string, number>()
  // The second round opens what the first left behind.
  for (const lines of [400, 1500]) {
    for (const line of await killAfter(t, file, lines)) {
      const [id, revision] = line.split(' ')
      acknowledged.set(id!, Number(revision))
    }
  }
  assert.equal(acknowledged.size, 8)

  const store = await openSqliteStore({ file })
  t.after(() => store.close())
  for (const [id, revision] of acknowledged) {
    const own = parseAccountId(id)!
    const loaded = await store.loadAccount(own)
    assert.ok(loaded && loaded.revision >= revision, `${id} was acknowledged at ${revision}`)
    // Each revision put its number and recorded its event: what is kept is whole commits, without a gap.
    const newest = Math.max(...loaded.items.map(({ value }) => Number(value)))
    assert.equal(newest, loaded.revision)
    const found: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await store.lookUpEvents({ account: own, limit: 1000, ...(after && { after }) })
      found.push(...page.events.map((one) => one.id))
      after = page.next
      if (after === undefined) break
    }
    const expected = Array.from({ length: loaded.revision }, (_, n) => `${id}-${loaded.revision - n}`)
    assert.deepEqual(found, expected)
  }
})

test('a process killed while it opens leaves a file that opens', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.sqlite')
  for (const milliseconds of [60, 90, 120, 150]) {
    const child = startWriter(t, file)
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    await kill(child)
  }
  const store = await openSqliteStore({ file })
  await store.commit(commitOf(alpha, 0, [put('user', 'a')]))
  await store.close()
})

test('a second process is refused while the first lives, and not when it was killed', async (t) => {
  const file = join(temporaryDirectory(t), 'omen.sqlite')
  const child = startWriter(t, file)
  await once(createInterface(child.stdout), 'line')
  await assert.rejects(openSqliteStore({ file }), {
    name: 'StoreDamaged',
    message: `${file} is in use by another Omen: stop it, or choose another home`,
    held: true,
  })
  await kill(child)
  const store = await openSqliteStore({ file })
  await store.close()
})

test('what is no database of ours, or not whole, is refused in one line and left as it is', async (t) => {
  const directory = temporaryDirectory(t)
  const good = await goodFile(join(directory, 'good.sqlite'))
  const edited = (name: string, edit: (file: string) => void): string => {
    const file = join(directory, name)
    cpSync(good, file)
    edit(file)
    return file
  }
  const table: [file: string, says: RegExp][] = [
    [edited('text', (file) => writeFileSync(file, 'not a database\n')), /is damaged, or no database/],
    [edited('beginning', (file) => truncateSync(file, 50)), /is damaged/],
    [edited('half', (file) => truncateSync(file, 40_960)), /is damaged: /],
    [edited('torn', (file) => truncateSync(file, 41_000)), /is damaged: /],
    [edited('zeros', (file) => overwrite(file, 20_480, new Uint8Array(8192))), /is damaged: /],
    [edited('noise', (file) => overwrite(file, 8192, new Uint8Array(20_000).fill(0xa5))), /is damaged: /],
    [edited('foreign', (file) => withSql(file, 'PRAGMA application_id = 7')), /of another program/],
    [edited('newer', (file) => withSql(file, 'PRAGMA user_version = 99')), /newer Omen \(schema 99; .* 14\)/],
    [edited('bare', (file) => withSql(file, 'DROP TABLE settings')), /cannot open .*no such table: settings/],
    [
      edited('log', (file) => {
        truncateSync(file, 0)
        writeFileSync(`${file}-wal`, 'something')
      }),
      /its log .*-wal is not/,
    ],
  ]
  for (const [file, says] of table) {
    const before = readFileSync(file)
    const error = await openSqliteStore({ file }).then(
      () => assert.fail(`${file} was opened`),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof StoreDamaged, String(error))
    assert.match(error.message, says)
    assert.ok(error.message.includes(file) && !error.message.includes('\n'), error.message)
    assert.ok(before.equals(readFileSync(file)), `${file} was changed`)
  }
  const whole = await openSqliteStore({ file: good })
  assert.equal((await whole.accounts()).length, 40)
  await whole.close()
})

test('a place that cannot be written is refused in one line', async (t) => {
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'file'), '')
  mkdirSync(join(directory, 'directory'))
  for (const file of [join(directory, 'file', 'omen.sqlite'), join(directory, 'directory')]) {
    await assert.rejects(openSqliteStore({ file }), (error: Error) => {
      assert.ok(error instanceof StoreDamaged, String(error))
      assert.match(error.message, /^cannot open .*\/(file|directory)/)
      assert.ok(!error.message.includes('\n'), error.message)
      return true
    })
  }
})

const superuser = process.getuid?.() === 0 && 'permissions do not bind the superuser'

test('a directory without permission to write is refused in one line', { skip: superuser }, async (t) => {
  const directory = temporaryDirectory(t)
  chmodSync(directory, 0o500)
  t.after(() => chmodSync(directory, 0o700))
  await assert.rejects(openSqliteStore({ file: join(directory, 'omen.sqlite') }), StoreDamaged)
})

type Child = ChildProcessByStdio<null, Readable, null>

function startWriter(t: TestContext, file: string): Child {
  const program = fileURLToPath(new URL('./writer.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@omen/source', program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

/** The complete lines that a writer printed until it was killed, in the midst of its work. */
async function killAfter(t: TestContext, file: string, lines: number): Promise<string[]> {
  const child = startWriter(t, file)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.split('\n').length > lines) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  assert.equal(signal, 'SIGKILL')
  return text.split('\n').slice(1, -1)
}

async function kill(child: Child): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
  child.kill('SIGKILL')
  await exited
}

/** A closed database of a few dozen pages. */
async function goodFile(file: string): Promise<string> {
  const store = await openSqliteStore({ file })
  for (let n = 0; n < 40; n++) {
    const changes = Array.from({ length: 10 }, (_, i) => put('user', `user-${i}`, 'x'.repeat(400)))
    await store.commit(commitOf(account(n + 1), 0, changes, [event()]))
  }
  await store.close()
  return file
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(file)
  content.set(bytes, at)
  writeFileSync(file, content)
}

function withSql(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = DELETE; ${sql}; PRAGMA journal_mode = WAL`)
  database.close()
}
