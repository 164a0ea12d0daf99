import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { StoreDamaged } from '../types.ts'
import { BegunLog } from './begun.ts'
import { openingFailure } from './connection.ts'
import { type Executor, executeHere, executeInThread } from './executor.ts'
import { SqliteStore } from './store.ts'

/** A database in a file, or one in memory that ends with the process. */
export type SqliteLocation = { readonly file: string } | { readonly memory: true }

/**
 * Files that this process has open. SQLite's lock keeps other processes out, but it is the process's:
 * even reading the header a second time from within would drop it.
 */
const openHere = new Set<string>()

/**
 * Opens the database and makes it where there is none. Rejects with StoreDamaged, in one line for the
 * terminal, where it cannot be opened, is damaged, is not ours, is newer than this program, or is in use.
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

/** The file is this process's by the database's lock. */
async function openBegun(file: string, executor: Executor): Promise<BegunLog> {
  try {
    return new BegunLog(file)
  } catch (error) {
    await executor.close()
    throw openingFailure(error, file)
  }
}

/** One name for a file, whichever way it was reached. */
function realFile(file: string): string {
  const absolute = resolve(file)
  try {
    return realpathSync(absolute)
  } catch {
    // No such file yet: its directory may still have two names.
  }
  try {
    return join(realpathSync(dirname(absolute)), basename(absolute))
  } catch {
    return absolute
  }
}
