import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import type { AccountChanges, Change, Held, Item, Lineage, LoadedAccount } from '../account-types.ts'
import { changesOf } from '../packed-changes.ts'
import type { CommitOutcome } from '../types.ts'
import { BlobTable } from './blobs.ts'
import { writable } from './connection.ts'

interface AccountRow {
  readonly number: number
  readonly revision: number
  readonly lineage: Lineage
}

/** Items of one answer: few enough that their receiver's other work does not wait. */
const itemsTogether = 2_000

/** A part of an account. */
export interface LoadedPart extends LoadedAccount {
  /** Whether items may follow. */
  readonly isCut?: true
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
    this.#find = connection.prepare('SELECT number, revision, lineage FROM accounts WHERE id = ?')
    this.#list = connection.prepare('SELECT id FROM accounts ORDER BY number')
    this.#create = connection.prepare(
      'INSERT INTO accounts (id, revision, lineage) VALUES (?, 1, ?) RETURNING number',
    )
    this.#advance = connection.prepare(
      'UPDATE accounts SET revision = revision + 1, lineage = ? WHERE number = ?',
    )
    this.#items = connection.prepare(
      'SELECT kind, id, value FROM items WHERE account = ? AND (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?',
    )
    this.#put = connection.prepare(
      'INSERT OR REPLACE INTO items (account, kind, id, value) VALUES (?, ?, ?, ?)',
    )
    this.#delete = connection.prepare('DELETE FROM items WHERE account = ? AND kind = ? AND id = ?')
    this.#blobs = new BlobTable(connection)
  }

  /** Returns an account with its items behind one, or with the first; `isCut` says that more follow. */
  load(account: AccountId, after: Pick<Item, 'kind' | 'id'> = { kind: '', id: '' }): LoadedPart | undefined {
    const row = this.#row(account)
    if (!row) return undefined
    const { number, revision, lineage } = row
    const items = this.#items.all(number, after.kind, after.id, itemsTogether).map(itemOf)
    return { revision, lineage, items, ...(items.length === itemsTogether && { isCut: true }) }
  }

  /** Returns the newest states, in the order of the accounts. */
  lineages(accounts: readonly AccountId[]): readonly (Lineage | undefined)[] {
    return accounts.map((account) => this.#row(account)?.lineage)
  }

  list(): readonly AccountId[] {
    return this.#list.all().map((row) => row.id as AccountId) // only account ids are put in
  }

  /** Keeps the changes of every account, or of none if an account has another state than the one that was read. */
  change(accounts: readonly AccountChanges[], reads: readonly Held[] = []): CommitOutcome {
    const rows = accounts.map(({ account }) => this.#row(account))
    const moved = new Set<AccountId>()
    accounts.forEach(({ account, base }, index) => {
      if (base !== rows[index]?.lineage) moved.add(account)
    })
    for (const { account, lineage } of reads) if (lineage !== this.#row(account)?.lineage) moved.add(account)
    if (moved.size > 0) return { ok: false, moved: [...moved] }
    accounts.forEach(({ account, next, blobs = [], ...changes }, index) => {
      for (const blob of blobs) this.#blobs.bring(blob)
      this.#apply(this.#revise(account, next, rows[index]), changesOf(changes))
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
    return this.#find.get(account) as AccountRow | undefined // the columns selected, NOT NULL
  }

  /** Increments the revision and returns the account's number. */
  #revise(account: AccountId, next: Lineage, row: AccountRow | undefined): number {
    if (!row) return Number(this.#create.get(account, next)?.number)
    this.#advance.run(next, row.number)
    return row.number
  }

  #apply(number: number, changes: Iterable<Change>): void {
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
