import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import type { DeliveryName, DeliveryStep, StoredFile } from '../delivery-types.ts'

/** The states of deliveries, and their files: one row each. */
export class DeliveryTable {
  readonly #connection: DatabaseSync
  readonly #read: StatementSync
  readonly #put: StatementSync
  readonly #putFile: StatementSync
  readonly #deleteFiles: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#read = connection.prepare('SELECT value FROM deliveries WHERE account = ? AND trail = ?')
    this.#put = connection.prepare(
      'INSERT OR REPLACE INTO deliveries (account, trail, value) VALUES (?, ?, ?)',
    )
    this.#putFile = connection.prepare(
      'INSERT INTO trail_files (account, trail, chain, number, value) VALUES (?, ?, ?, ?, ?)',
    )
    this.#deleteFiles = connection.prepare(
      'DELETE FROM trail_files WHERE account = ? AND trail = ? AND chain = coalesce(?, chain)',
    )
  }

  read({ account, trail }: DeliveryName): string | undefined {
    return this.#read.get(account, trail)?.value as string | undefined // TEXT NOT NULL in a STRICT table
  }

  of(account: AccountId): ReadonlyMap<string, string> {
    const rows = this.#connection
      .prepare('SELECT trail, value FROM deliveries WHERE account = ?')
      .all(account)
    return new Map(rows.map(({ trail, value }) => [String(trail), String(value)]))
  }

  files({ account, trail }: DeliveryName, chain: string | undefined): readonly StoredFile[] {
    const text = `
      SELECT chain, number, value FROM trail_files
      WHERE account = ? AND trail = ? AND chain = coalesce(?, chain) ORDER BY number`
    const rows = this.#connection.prepare(text).all(account, trail, chain ?? null)
    return rows.map((row) => ({
      chain: String(row.chain),
      number: Number(row.number),
      value: String(row.value),
    }))
  }

  keep(step: DeliveryStep): boolean {
    const { account, trail, before, after, files = [], listed = [] } = step
    if (this.read(step) !== before) return false
    if (after === undefined) {
      this.#connection.prepare('DELETE FROM deliveries WHERE account = ? AND trail = ?').run(account, trail)
      this.#deleteFiles.run(account, trail, null)
      return true
    }
    this.#put.run(account, trail, after)
    for (const chain of listed) this.#deleteFiles.run(account, trail, chain)
    for (const { chain, number, value } of files) this.#putFile.run(account, trail, chain, number, value)
    return true
  }

  clear(): void {
    this.#connection.exec('DELETE FROM deliveries; DELETE FROM trail_files')
  }
}
