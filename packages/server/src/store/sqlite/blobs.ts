import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Blob, blobLengthMost } from '../account-types.ts'

/** Bytes of a row. A blob may be longer than a single value. */
const pieceBytes = 4 * 1024 * 1024

/** Blobs by name, and the items that name them. */
export class BlobTable {
  readonly #connection: DatabaseSync
  readonly #has: StatementSync
  readonly #read: StatementSync
  readonly #write: StatementSync
  readonly #forget: StatementSync
  readonly #use: StatementSync
  readonly #disuse: StatementSync
  readonly #usedBy: StatementSync
  /**
   * Blobs that no item may use: those that items of the current transaction stopped naming, and those that were handed
   * in.
   */
  readonly #doubtful = new Set<string>()
  /** Blobs that items of the current transaction name. */
  readonly #named = new Set<string>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#has = connection.prepare('SELECT 1 FROM blobs WHERE name = ? LIMIT 1')
    this.#read = connection.prepare('SELECT data FROM blobs WHERE name = ? ORDER BY piece')
    this.#write = connection.prepare('INSERT INTO blobs (name, piece, data) VALUES (?, ?, ?)')
    this.#forget = connection.prepare('DELETE FROM blobs WHERE name = ?')
    this.#use = connection.prepare(
      'INSERT OR REPLACE INTO blob_uses (account, kind, id, blob) VALUES (?, ?, ?, ?)',
    )
    this.#disuse = connection.prepare(
      'DELETE FROM blob_uses WHERE account = ? AND kind = ? AND id = ? AND blob IS NOT ? RETURNING blob',
    )
    this.#usedBy = connection.prepare('SELECT 1 FROM blob_uses WHERE blob = ? LIMIT 1')
  }

  read(name: string): Uint8Array | undefined {
    const rows = this.#read.all(name)
    if (rows.length === 0) return undefined
    const pieces = rows.map(({ data }) => data as Uint8Array) // the column is NOT NULL in a STRICT table
    const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
    pieces.forEach((piece, index) => {
      bytes.set(piece, index * pieceBytes)
    })
    return bytes
  }

  /** Keeps a blob, unless it is there. `settle` drops it again if no item names it. */
  bring({ name, bytes }: Blob): void {
    if (bytes.length > blobLengthMost) throw new RangeError(`a blob is larger than ${blobLengthMost} bytes`)
    this.#doubtful.add(name)
    if (this.#has.get(name) !== undefined) return
    for (let piece = 0; piece === 0 || piece * pieceBytes < bytes.length; piece++)
      this.#write.run(name, piece, bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes))
  }

  /** Records the blob of an item; null if the item has none. */
  name(account: number, kind: string, id: string, blob: string | null): void {
    const before = this.#disuse.get(account, kind, id, blob)
    if (before !== undefined) this.#doubtful.add(String(before.blob))
    if (blob === null) return
    this.#use.run(account, kind, id, blob)
    this.#named.add(blob)
  }

  /**
   * Deletes the blobs that no item names.
   * @throws RangeError if an item names a blob that is not there
   */
  settle(): void {
    const named = [...this.#named]
    const doubtful = [...this.#doubtful]
    this.#named.clear()
    this.#doubtful.clear()
    for (const name of named)
      if (this.#has.get(name) === undefined) throw new RangeError(`there is no blob ${name}`)
    for (const name of doubtful) if (this.#usedBy.get(name) === undefined) this.#forget.run(name)
  }

  /** Forgets what the transaction that was rolled back had noted. */
  forgetRemembered(): void {
    this.#named.clear()
    this.#doubtful.clear()
  }

  clear(): void {
    this.#connection.exec('DELETE FROM blobs; DELETE FROM blob_uses')
  }
}
