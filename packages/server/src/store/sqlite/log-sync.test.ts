import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { LogSync } from './log-sync.ts'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'omen-log-sync-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'omen.sqlite')
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 20))

/** Syncs a file's log, and returns how often that failed; waits for so many failures. */
async function failures(file: string, syncs: number, expected: number): Promise<number> {
  let failed = 0
  const sync = new LogSync(file, () => void failed++)
  for (let n = 0; n < syncs; n++) sync.soon()
  for (let tries = 0; tries < 500 && failed < expected; tries++) await moment()
  await moment()
  sync.close()
  return failed
}

test('the log beside the file is synced, not the file', async (t) => {
  const file = place(t)
  writeFileSync(file, 'x')
  assert.equal(await failures(file, 1, 1), 1)
  writeFileSync(`${file}-wal`, 'x')
  assert.equal(await failures(file, 1, 0), 0)
})

test('each sync that the system refuses is told; while one runs, the next waits and is one', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const file = place(t)
  symlinkSync('/dev/null', `${file}-wal`) // it cannot be synced
  assert.equal(await failures(file, 1, 1), 1)
  assert.equal(await failures(file, 5, 2), 2)
})

test('a log that is closed while a sync runs is closed behind it', async (t) => {
  const file = place(t)
  writeFileSync(`${file}-wal`, 'x')
  let failed = 0
  const sync = new LogSync(file, () => void failed++)
  sync.soon()
  sync.close()
  await moment()
  sync.close()
  assert.equal(failed, 0)
})
