import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import type { AccountChanges, Change, CommitOutcome, Item } from '../types.ts'
import { BlobTable } from './blobs.ts'
import { writable } from './connection.ts'

interface AccountRow {
  readonly number: number
  readonly revision: number
}

/** Accounts with their revisions, and the items that each consists of. */
export class AccountTable {
  readonly #connection: DatabaseSync
  readonly #find: StatementSync
  readonly #list: StatementSync
  readonly #create: StatementSync
  readonly #advance: StatementSync
  readonly #items: StatementSync
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #blobs: BlobTable

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#find = connection.prepare('SELECT number, revision FROM accounts WHERE id = ?')
    this.#list = connection.prepare('SELECT id FROM accounts ORDER BY number')
    this.#create = connection.prepare('INSERT INTO accounts (id, revision) VALUES (?, 1) RETURNING number')
    this.#advance = connection.prepare('UPDATE accounts SET revision = revision + 1 WHERE number = ?')
    this.#items = connection.prepare('SELECT kind, id, value FROM items WHERE account = ?')
    this.#put = connection.prepare(
      'INSERT OR REPLACE INTO items (account, kind, id, value) VALUES (?, ?, ?, ?)',
    )
    this.#delete = connection.prepare('DELETE FROM items WHERE account = ? AND kind = ? AND id = ?')
    this.#blobs = new BlobTable(connection)
  }

  load(account: AccountId): { readonly revision: number; readonly items: readonly Item[] } | undefined {
    const row = this.#row(account)
    if (!row) return undefined
    return { revision: row.revision, items: this.#items.all(row.number).map(itemOf) }
  }

  list(): readonly AccountId[] {
    return this.#list.all().map((row) => row.id as AccountId) // only account ids are put in
  }

  /** Keeps the changes of every account, or of none if an account's revision is no longer the one that was read. */
  change(accounts: readonly AccountChanges[]): CommitOutcome {
    const rows = accounts.map(({ account }) => this.#row(account))
    const stale = accounts.find(({ revision }, index) => revision !== (rows[index]?.revision ?? 0))
    if (stale) return { ok: false, conflict: stale.account }
    accounts.forEach(({ account, changes, blobs = [] }, index) => {
      for (const blob of blobs) this.#blobs.bring(blob)
      this.#apply(this.#revise(account, rows[index]), changes)
    })
    this.#blobs.settle()
    return { ok: true }
  }

  clear(): void {
    this.#connection.exec('DELETE FROM accounts; DELETE FROM items')
    this.#blobs.clear()
  }

  readBlob(name: string): Uint8Array | undefined {
    return this.#blobs.read(name)
  }

  /** Forgets what the transaction that was rolled back had noted. */
  forgetRemembered(): void {
    this.#blobs.forgetRemembered()
  }

  #row(account: AccountId): AccountRow | undefined {
    return this.#find.get(account) as AccountRow | undefined // the columns selected, INTEGER NOT NULL
  }

  /** Increments the revision and returns the account's number. */
  #revise(account: AccountId, row: AccountRow | undefined): number {
    if (!row) return Number(this.#create.get(account)?.number)
    this.#advance.run(row.number)
    return row.number
  }

  #apply(number: number, changes: readonly Change[]): void {
    for (const { kind, id, value, blob } of changes) {
      if (value === null) this.#delete.run(number, kind, id)
      else this.#put.run(number, kind, writable(id), writable(value))
      if (blob !== undefined) this.#blobs.name(number, kind, id, blob)
    }
  }
}

function itemOf(row: Record<string, unknown>): Item {
  const { kind, id, value } = row as unknown as Item // the columns selected, TEXT NOT NULL
  return { kind, id, value }
}
