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
import { StoreDamaged } from '../types.ts'
import { isDamage, reason } from './failure.ts'
import { applicationId, migrate, newestVersion } from './schema.ts'
import { sqlite } from './sqlite.ts'

/** Databases up to this size are checked whole when opened; in larger ones a damaged page is found when it is read. */
const fullCheckPages = 1024

/** How long an opener waits for another that is just closing. */
const busyMilliseconds = 200

/** Pages that the log may hold before they are carried over into the database: 8 MiB. */
const checkpointPages = 2048

/** So large is a log of so many pages, each with a head of 24 bytes, and some more for the last commit. */
const logBytes = 9 * 1024 * 1024

/** No single value may be longer: a commit that tries is refused. */
export const valueBytes = 16 * 1024 * 1024

/** UTF-8 has at most so many bytes for a UTF-16 unit. */
export const bytesOfUnit = 3

/**
 * The text, to be written. What older versions of Node do not keep as it is, no version keeps: before 24.15 SQLite
 * has no limit of its own, and Node 22 reads a text up to its first NUL.
 * @throws RangeError where it is longer than a value may be or has a NUL
 */
export function writable(text: string): string {
  if (text.length * bytesOfUnit > valueBytes && Buffer.byteLength(text) > valueBytes)
    throw new RangeError(`a value is larger than ${valueBytes} bytes`)
  if (text.includes('\0')) throw new RangeError('a value has a NUL')
  return text
}

/** A database in memory, with the schema in place. */
export function connectMemory(): DatabaseSync {
  const database = new (sqlite().DatabaseSync)(':memory:', { limits: { length: valueBytes } })
  migrate(database, 0)
  return database
}

/**
 * Opens the file for this process alone, and makes it (mode 0600, its directory 0700) where there is none.
 * Whose file it is, and whether it is whole, is asked before anything is written; StoreDamaged otherwise.
 */
export function connectFile(file: string): DatabaseSync {
  prepareFile(file)
  let database: DatabaseSync | undefined
  try {
    database = new (sqlite().DatabaseSync)(file, {
      timeout: busyMilliseconds,
      limits: { length: valueBytes },
    })
    // Exclusive: nobody else may open the file while we live, the lock dies with the process,
    // and the log needs no shared memory.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL')
    // The owner's mark is in the file before the log exists, so that the header alone tells whose it is.
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
    // Makes sure of the lock even where nothing had to be written.
    database.exec('BEGIN IMMEDIATE; COMMIT')
    chmodSync(file, 0o600)
    return database
  } catch (error) {
    database?.close()
    throw openingFailure(error, file)
  }
}

/**
 * Makes the log as large as it will become. To write into the room that a file has is several times faster
 * than to make it longer with every commit, for then the file system has to keep its own records as well.
 * What the log has after its last commit is not read: https://www.sqlite.org/fileformat.html#walformat.
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
    // No room to spare, then: the log grows as it must.
  }
}

/** Makes directory and file where there are none; looks before anything is written where there are. */
function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const size = sizeOf(file)
    if (size === undefined) closeSync(openSync(file, 'wx', 0o600))
    if (size) checkOwner(file)
    // SQLite throws a log away whose database is empty; but a log is only ever begun beside one that is not.
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

/** Reads SQLite's header, where a file says what it is: https://www.sqlite.org/fileformat.html. */
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

/** One line for the terminal, whatever went wrong while opening. */
export function openingFailure(error: unknown, file: string): StoreDamaged {
  if (error instanceof StoreDamaged) return error
  const { code, message } = reason(error)
  if (code === 'SQLITE_BUSY')
    return new StoreDamaged(`${file} is in use by another Omen: stop it, or choose another home`)
  return new StoreDamaged(
    isDamage(code) ? `${file} is damaged: ${message}` : `cannot open ${file}: ${message}`,
  )
}
