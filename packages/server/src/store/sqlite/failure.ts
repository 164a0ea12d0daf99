/** The primary result codes that need telling apart: https://www.sqlite.org/rescode.html. */
const names = new Map([
  [5, 'SQLITE_BUSY'],
  [11, 'SQLITE_CORRUPT'],
  [26, 'SQLITE_NOTADB'],
])

export interface Reason {
  /** SQLite's or the system's name of the failure. */
  readonly code: string
  readonly message: string
}

/** What an error thrown by node:sqlite or node:fs says, without a stack. */
export function reason(error: unknown): Reason {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if ('errcode' in error && typeof error.errcode === 'number') {
    // The low byte is the primary code, what is above refines it.
    return { code: names.get(error.errcode & 0xff) ?? `SQLITE_${error.errcode}`, message: error.message }
  }
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** What SQLite has kept well, but is not what was written. */
export class Damage extends Error {
  override readonly name = 'Damage'
  readonly code = 'SQLITE_CORRUPT'
}

/** Whether a failure means that what is in the file cannot be trusted any more. */
export function isDamage(code: string): boolean {
  return code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB'
}
