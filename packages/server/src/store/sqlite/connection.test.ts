import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectFile, valueBytes, writable } from './connection.ts'

/** The commits in a log: https://www.sqlite.org/fileformat.html#walformat. */
function commitsIn(log: Buffer): number {
  const salts = log.subarray(16, 24)
  const frame = 24 + log.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frame <= log.length && log.subarray(at + 8, at + 16).equals(salts); at += frame)
    if (log.readUInt32BE(at + 4) > 0) commits++
  return commits
}

test('a new database is made in one transaction, which waits for the disk once', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-new-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'omen.sqlite')
  const database = connectFile(file)
  t.after(() => database.close())
  assert.equal(commitsIn(readFileSync(`${file}-wal`)), 1)
  database.exec('CREATE TABLE one (id INTEGER); CREATE TABLE two (id INTEGER)')
  assert.equal(commitsIn(readFileSync(`${file}-wal`)), 3)
})

test('a text is measured in bytes before it is written', () => {
  const longest = 'a'.repeat(valueBytes)
  assert.equal(writable(longest), longest)
  assert.throws(() => writable(`${longest}a`), /larger than 16777216 bytes/)
  assert.throws(() => writable('a\0b'), /NUL/)
  assert.throws(() => writable('é'.repeat(valueBytes / 2 + 1)), RangeError)
})
