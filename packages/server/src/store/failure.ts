/** The primary result codes that are distinguished: https://www.sqlite.org/rescode.html. */
const names = new Map([
  [5, 'SQLITE_BUSY'],
  [11, 'SQLITE_CORRUPT'],
  [26, 'SQLITE_NOTADB'],
])

export interface Reason {
  /** The name of the failure, from SQLite or the system. */
  readonly code: string
  readonly message: string
}

/** Returns the message of an error from node:sqlite or node:fs, without a stack. */
export function reason(error: unknown): Reason {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if ('errcode' in error && typeof error.errcode === 'number') {
    // The low byte is the primary code; the bits above refine it.
    return { code: names.get(error.errcode & 0xff) ?? `SQLITE_${error.errcode}`, message: error.message }
  }
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** A row that SQLite has stored intact but that is not what was written. */
export class Damage extends Error {
  override readonly name = 'Damage'
  readonly code = 'SQLITE_CORRUPT'
}

/** Returns whether a failure means that the file's content can no longer be trusted. */
export function isDamage(code: string): boolean {
  return code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB'
}
