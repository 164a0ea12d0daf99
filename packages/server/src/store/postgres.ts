import type { PgInspection } from './pg/inspect.ts'
import type { PgOptions } from './pg/open.ts'
import type { PgStore } from './pg/store.ts'

/** The driver's needs are loaded only where a store is on PostgreSQL. */

/**
 * Opens a store on PostgreSQL, and creates its schema in an empty database. Rejects with StoreDamaged, in one line for
 * the terminal, if the database cannot be reached or used.
 */
export async function openPgStore(options: PgOptions): Promise<PgStore> {
  const { openPgStore: open } = await import('./pg/open.ts')
  return open(options)
}

/** Completes the schema of a store on PostgreSQL. Returns its version before and after. */
export async function migratePgStore(
  options: Pick<PgOptions, 'url' | 'environment'>,
): Promise<{ readonly from: number; readonly to: number }> {
  const { migratePgStore: migrate } = await import('./pg/open.ts')
  return migrate(options)
}

/** Looks at a database without changing it. Rejects with StoreDamaged, in one line, if it cannot be reached. */
export async function inspectPgStore(options: Pick<PgOptions, 'url' | 'environment'>): Promise<PgInspection> {
  const { inspectPgStore: inspect } = await import('./pg/inspect.ts')
  return inspect(options)
}

/** Returns whether a text names a store on PostgreSQL. */
export function isPgUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text)
}
