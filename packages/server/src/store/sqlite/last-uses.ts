import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AccountId } from '../../base/index.ts'
import type { StoredUse } from '../account-types.ts'

/** The last uses of access keys and roles: one row each. */
export class LastUseTable {
  readonly #connection: DatabaseSync
  readonly #read: StatementSync
  readonly #keep: StatementSync
  readonly #delete: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#read = connection.prepare('SELECT id, service, region, at FROM last_uses WHERE account = ?')
    this.#keep = connection.prepare(`
      INSERT INTO last_uses (account, id, service, region, at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET service = excluded.service, region = excluded.region, at = excluded.at
        WHERE excluded.at > at
    `)
    this.#delete = connection.prepare('DELETE FROM last_uses WHERE account = ? AND id = ?')
  }

  of(account: AccountId): readonly StoredUse[] {
    const rows = this.#read.all(account) as unknown as Omit<StoredUse, 'account'>[] // the columns selected, NOT NULL
    return rows.map(({ id, service, region, at }) => ({ account, id, service, region, at }))
  }

  keep(uses: readonly StoredUse[], gone: readonly Pick<StoredUse, 'account' | 'id'>[]): undefined {
    for (const { account, id, service, region, at } of uses) this.#keep.run(account, id, service, region, at)
    for (const { account, id } of gone) this.#delete.run(account, id)
  }

  clear(): void {
    this.#connection.exec('DELETE FROM last_uses')
  }
}
