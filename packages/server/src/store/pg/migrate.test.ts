import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrateSchema } from './migrate.ts'
import { newestVersion } from './schema.ts'

/** A database that only counts. `seen` are the versions that other connections could have found. */
function counting(version: number) {
  const seen: number[] = []
  let own = version
  const query = async (text: string, values: readonly unknown[] = []) => {
    if (text.startsWith('UPDATE omen.schema')) own = Number(values[0])
    if (text === 'COMMIT') seen.push(own)
    return { rows: text.startsWith('SELECT version') ? [{ version: own }] : [] }
  }
  return { client: { query } as unknown as Parameters<typeof migrateSchema>[0], seen }
}

test('an empty database gets all steps at once: a node that starts meanwhile never finds some of them', async () => {
  const { client, seen } = counting(0)
  assert.deepEqual(await migrateSchema(client), { from: 0, to: newestVersion })
  assert.deepEqual(new Set(seen), new Set([newestVersion]))
})

test('an older schema gets the steps that it lacks one by one', async () => {
  const { client, seen } = counting(1)
  assert.deepEqual(await migrateSchema(client), { from: 1, to: newestVersion })
  assert.deepEqual(
    [...new Set(seen)],
    Array.from({ length: newestVersion - 1 }, (_, n) => n + 2),
  )
})
