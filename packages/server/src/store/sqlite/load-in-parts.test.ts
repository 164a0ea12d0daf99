import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../base/index.ts'
import { newLineage } from '../lineage.ts'
import { connectMemory } from './connection.ts'
import { Database } from './database.ts'
import { loadInParts } from './load-in-parts.ts'
import type { Request } from './request.ts'

const account = '111111111111' as AccountId // twelve digits

test('a large account comes in parts, and begins anew if it changes between two of them', async () => {
  const database = new Database(connectMemory(), 256)
  const run = (request: Request) => {
    const [answer] = database.run([request]).answers
    assert.ok(answer?.ok)
    return answer.value as never // the answer to the request
  }
  let lineage = newLineage()
  const change = (base: typeof lineage | undefined, ids: readonly string[]) => {
    const changes = ids.map((id) => ({ kind: 'k', id, value: JSON.stringify({ id }) }))
    const accounts = [{ account, base, next: lineage, changes }]
    run({ verb: 'commit', accounts, reads: undefined, events: [], denials: [] })
  }
  const ids = Array.from({ length: 4_500 }, (_, n) => `id ${String(n).padStart(5, '0')}`)
  change(undefined, ids)
  let parts = 0
  const ask = async (after?: { readonly kind: string; readonly id: string }) => {
    parts++
    if (parts === 2) {
      const before = lineage
      lineage = newLineage()
      change(before, ['between'])
    }
    return run({ verb: 'loadAccount', account, after })
  }
  const loaded = await loadInParts(ask)
  assert.equal(loaded?.lineage, lineage)
  assert.equal(loaded.revision, 2)
  assert.deepEqual(
    loaded.items.map(({ id }) => id),
    ['between', ...ids],
  )
  // two parts of the state before, then three of the state after
  assert.equal(parts, 5)
})
