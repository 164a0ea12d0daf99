import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Notice } from '../base/index.ts'
import { StaleAccount } from '../directory/index.ts'
import { StoreUnavailable } from '../store/index.ts'
import { Complaints } from './complaints.ts'

/** Complaints with what they write to the log file and as JSON. */
function heard() {
  const [file, lines]: [string[], unknown[]] = [[], []]
  const log = { write: (text: string) => void file.push(text) }
  const json = { complaint: (...parts: unknown[]) => void lines.push(parts) }
  return { file, lines, complaints: new Complaints(log, json) }
}

const full = (path: string) =>
  new StoreUnavailable(`could not extend file "${path}": No space left on device`)
const text = (path: string) =>
  `the store is unavailable: could not extend file "${path}": No space left on device`

test('a thousand calls that a full disk stops are one line, and a count each minute', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { file, lines, complaints } = heard()
  for (let call = 0; call < 1_000; call++) complaints.add(full(`base/5/${call}`), `id-${call}`)
  assert.deepEqual(file, [`request id-0: ${text('base/5/0')}`])
  t.mock.timers.tick(60_000)
  assert.deepEqual(file.slice(1), [
    `request id-999, and 999 more times in the last minute: ${text('base/5/999')}`,
  ])
  assert.deepEqual(lines, [
    [text('base/5/0'), 'id-0', undefined],
    [text('base/5/999'), 'id-999', 999],
  ])
  complaints.add(full('base/5/1'), 'once')
  t.mock.timers.tick(60_000)
  assert.deepEqual(file.slice(2), [`request once, and once more in the last minute: ${text('base/5/1')}`])
  // a minute without one: the next is news
  t.mock.timers.tick(60_000)
  complaints.add(full('base/5/2'), 'later')
  assert.deepEqual(file.slice(3), [`request later: ${text('base/5/2')}`])
})

test('other reasons and mistakes of the program have lines of their own, and the end reports what is left', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { file, complaints } = heard()
  for (const id of ['a', 'b']) complaints.add(full('base/5/1'), id)
  complaints.add(new StoreUnavailable('PostgreSQL cannot be reached'), 'c')
  for (const id of ['d', 'e']) complaints.add('a mistake', id)
  complaints.add(new StaleAccount(undefined), 'f')
  complaints.end()
  assert.deepEqual(file, [
    `request a: ${text('base/5/1')}`,
    'request c: the store is unavailable: PostgreSQL cannot be reached',
    'request d: a mistake',
    'request e: a mistake',
    'request f: other changes were faster, too often: the lease has passed to another holder',
    `request b, and once more in the last minute: ${text('base/5/1')}`,
  ])
})

test('reasons without end share a count', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { file, complaints } = heard()
  for (let each = 0; each < 200; each++) complaints.add(new StoreUnavailable('x'.repeat(each)), 'id')
  assert.equal(file.length, 21)
  complaints.end()
  assert.equal(file.length, 22)
})

test('a notice is one line, without a stack', () => {
  const { file, complaints } = heard()
  complaints.add(new Notice('PostgreSQL has no synchronous standby any more'), 'the store')
  assert.deepEqual(file, ['the store: PostgreSQL has no synchronous standby any more'])
})
