import type pg from 'pg'
import { isDuplicate, stateOf } from './failure.ts'
import { createSchema, newestVersion, stepsAfter } from './schema.ts'

/** The row that counts the steps. */
export interface SchemaState {
  readonly version: number
  /** The oldest schema that a program must know to write here. */
  readonly least: number
}

/** Returns the state of the schema, or undefined if there is none. */
export async function readSchema(client: pg.Client): Promise<SchemaState | undefined> {
  try {
    const { rows } = await client.query('SELECT version, least FROM omen.schema')
    return rows[0]
  } catch (error) {
    // no such schema, or no such table
    if (['3F000', '42P01'].includes(stateOf(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Executes the steps that the schema lacks, each in a transaction with its count; in an empty database all in one. Several nodes may do so at once: the
 * row of the schema is locked. Returns the version before and after; a newer schema is left as it is.
 */
export async function migrateSchema(
  client: pg.Client,
): Promise<{ readonly from: number; readonly to: number }> {
  await createOnce(client)
  let from: number | undefined
  for (;;) {
    // a step may take longer, and wait longer for a lock, than the statements of calls may
    await client.query('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0')
    try {
      const { rows } = await client.query('SELECT version FROM omen.schema FOR UPDATE')
      const version = Number(rows[0].version)
      from ??= version
      const lacking = version < newestVersion ? stepsAfter(version) : []
      // an empty database gets all at once: a node that starts meanwhile must not find some of them
      const now = version === 0 ? lacking : lacking.slice(0, 1)
      for (const step of now) {
        await client.query(step.text)
        await client.query('UPDATE omen.schema SET version = $1, least = greatest(least, $2)', [
          step.version,
          step.least,
        ])
      }
      await client.query('COMMIT')
      if (now.length === 0) return { from, to: version }
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }
}

/** PostgreSQL reports a duplicate if two connections create the same table at once. */
async function createOnce(client: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      await client.query(createSchema)
      return
    } catch (error) {
      const isLate = isDuplicate(error) || ['42P06', '42P07', 'XX000'].includes(stateOf(error) ?? '')
      if (!isLate || attempt === 5) throw error
    }
}
