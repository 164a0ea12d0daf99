import {
  chmodSync,
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isDamage, reason } from '../failure.ts'
import { StoreDamaged } from '../types.ts'
import { applicationId, migrate, newestVersion } from './schema.ts'
import { sqlite } from './sqlite.ts'

/**
 * Databases up to this size are checked whole at opening. In a larger one, a damaged page is found when it is read.
 */
const fullCheckPages = 1024

/** How long an opener waits for another process that is closing. */
const busyMilliseconds = 200

/** Pages that the log may hold before they are moved to the database: 8 MiB. */
const checkpointPages = 2048

/** The size of a log of that many pages: a header of 24 bytes for each page, and room for the last commit. */
const logBytes = 9 * 1024 * 1024

/** The most bytes of a single value. A commit with a longer one is refused. */
export const valueBytes = 16 * 1024 * 1024

/** The most bytes that UTF-8 uses for one UTF-16 unit. */
export const bytesOfUnit = 3

/**
 * Returns the text if every supported Node version stores it as it is. Before 24.15, SQLite has no limit of its own,
 * and Node 22 reads a text up to its first NUL. @throws RangeError if the text is longer than a value may be or
 * contains a NUL
 */
export function writable(text: string): string {
  if (text.length * bytesOfUnit > valueBytes && Buffer.byteLength(text) > valueBytes)
    throw new RangeError(`a value is larger than ${valueBytes} bytes`)
  if (text.includes('\0')) throw new RangeError('a value has a NUL')
  return text
}

/** Opens a database in memory and creates the schema. */
export function connectMemory(): DatabaseSync {
  const database = new (sqlite().DatabaseSync)(':memory:', { limits: { length: valueBytes } })
  migrate(database, 0)
  return database
}

/**
 * Opens the file for this process alone, and creates it (mode 0600, its directory 0700) if absent. Before anything is
 * written, the owner and the integrity of the file are checked. @throws StoreDamaged if the check fails
 */
export function connectFile(file: string): DatabaseSync {
  prepareFile(file)
  let database: DatabaseSync | undefined
  try {
    database = new (sqlite().DatabaseSync)(file, {
      timeout: busyMilliseconds,
      limits: { length: valueBytes },
    })
    // Exclusive locking: no other process can open the file, the lock ends with the process, and the log needs no
    // shared memory.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL')
    // The owner's mark is written before the log exists, so that the header alone identifies the file.
    if (pragma(database, 'application_id') !== applicationId) {
      database.exec(`PRAGMA application_id = ${applicationId}`)
    }
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = ${checkpointPages}`)
    database.exec('PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY')
    const version = pragma(database, 'user_version')
    if (version > newestVersion) {
      throw new StoreDamaged(
        `${file} was written by a newer Omen (schema ${version}; this one knows ${newestVersion})`,
      )
    }
    checkWhole(database, file)
    migrate(database, version)
    // Takes the lock even if nothing had to be written.
    database.exec('BEGIN IMMEDIATE; COMMIT')
    chmodSync(file, 0o600)
    return database
  } catch (error) {
    database?.close()
    throw openingFailure(error, file)
  }
}

/**
 * Makes the log as large as it will become. Writing inside an existing file is several times faster than extending it
 * with each commit, because the file system must then update its own records. Bytes after the last commit are not
 * read: https://www.sqlite.org/fileformat.html#walformat.
 */
export function reserveLog(file: string): void {
  const log = `${file}-wal`
  const size = sizeOf(log)
  if (size === undefined || size >= logBytes) return
  try {
    const descriptor = openSync(log, 'r+')
    try {
      writeSync(descriptor, Buffer.alloc(logBytes - size), 0, logBytes - size, size)
      fdatasyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // There is no room on the disk: the log grows with each commit.
  }
}

/** Creates the directory and the file if absent. An existing file is checked before anything is written. */
function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const size = sizeOf(file)
    if (size === undefined) closeSync(openSync(file, 'wx', 0o600))
    if (size) checkOwner(file)
    // SQLite discards the log of an empty database, but a log is only begun beside a database that is not empty.
    else if (sizeOf(`${file}-wal`)) {
      throw new StoreDamaged(`${file} is damaged: it is empty, but its log ${file}-wal is not`)
    }
  } catch (error) {
    throw openingFailure(error, file)
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size
}

/** Reads SQLite's header, which identifies the file: https://www.sqlite.org/fileformat.html. */
function checkOwner(file: string): void {
  const header = Buffer.alloc(100)
  let length = 0
  const descriptor = openSync(file, 'r')
  try {
    length = readSync(descriptor, header, 0, header.length, 0)
  } finally {
    closeSync(descriptor)
  }
  if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new StoreDamaged(`${file} is damaged, or no database: it does not begin as SQLite's files do`)
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw new StoreDamaged(`${file} is a database of another program, not Omen's`)
  }
}

function checkWhole(database: DatabaseSync, file: string): void {
  if (pragma(database, 'page_count') > fullCheckPages) return
  const row = database.prepare('PRAGMA quick_check(1)').get()
  const found = String(row?.quick_check).replaceAll(/\s+/g, ' ')
  if (found !== 'ok') throw new StoreDamaged(`${file} is damaged: ${found}`)
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

/** Returns one line for the terminal for any failure at opening. */
export function openingFailure(error: unknown, file: string): StoreDamaged {
  if (error instanceof StoreDamaged) return error
  const { code, message } = reason(error)
  if (code === 'SQLITE_BUSY')
    return new StoreDamaged(`${file} is in use by another Omen: stop it, or choose another home`, {
      held: true,
    })
  return new StoreDamaged(
    isDamage(code) ? `${file} is damaged: ${message}` : `cannot open ${file}: ${message}`,
  )
}
