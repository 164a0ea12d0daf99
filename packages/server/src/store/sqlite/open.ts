import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { StoreDamaged } from '../types.ts'
import { BegunLog } from './begun.ts'
import { openingFailure } from './connection.ts'
import { type Executor, executeHere, executeInThread } from './executor.ts'
import { SqliteStore } from './store.ts'

/** A database in a file, or in memory until the process ends. */
export type SqliteLocation = { readonly file: string } | { readonly memory: true }

/**
 * Files that this process has open. SQLite's lock excludes other processes but belongs to the process: reading the
 * header a second time from within would release it.
 */
const openHere = new Set<string>()

/**
 * Opens the database, and creates it if absent. Rejects with StoreDamaged, in one line for the terminal, if it cannot
 * be opened, is damaged, is not Omen's, is newer than this program, or is in use.
 */
export async function openSqliteStore(location: SqliteLocation): Promise<SqliteStore> {
  if ('memory' in location) return new SqliteStore('memory', executeHere(), new BegunLog())
  const file = realFile(location.file)
  if (openHere.has(file)) throw new StoreDamaged(`${file} is already open in this process`)
  openHere.add(file)
  try {
    const executor = await executeInThread(file)
    const begun = await openBegun(`${file}-begun`, executor)
    return new SqliteStore(`sqlite ${file}`, executor, begun, () => openHere.delete(file))
  } catch (error) {
    openHere.delete(file)
    throw error
  }
}

/** The database's lock gives the file to this process alone. */
async function openBegun(file: string, executor: Executor): Promise<BegunLog> {
  try {
    return new BegunLog(file)
  } catch (error) {
    await executor.close()
    throw openingFailure(error, file)
  }
}

/** Returns one name for a file, however it was reached. */
function realFile(file: string): string {
  const absolute = resolve(file)
  try {
    return realpathSync(absolute)
  } catch {
    // The file does not exist yet: its directory may still have two names.
  }
  try {
    return join(realpathSync(dirname(absolute)), basename(absolute))
  } catch {
    return absolute
  }
}
