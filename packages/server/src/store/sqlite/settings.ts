import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Settings of the installation, by name. */
export class SettingTable {
  readonly #connection: DatabaseSync
  readonly #read: StatementSync
  readonly #write: StatementSync
  readonly #delete: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#read = connection.prepare('SELECT value FROM settings WHERE name = ?')
    this.#write = connection.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
    this.#delete = connection.prepare('DELETE FROM settings WHERE name = ?')
  }

  read(name: string): string | undefined {
    return this.#read.get(name)?.value as string | undefined // the column is TEXT NOT NULL in a STRICT table
  }

  /** Replaces a setting if it has the value `before`. Returns whether it had. */
  swap(name: string, before: string | undefined, after: string | undefined): boolean {
    if (this.read(name) !== before) return false
    if (after === undefined) this.#delete.run(name)
    else this.#write.run(name, after)
    return true
  }

  all(): ReadonlyMap<string, string> {
    const rows = this.#connection.prepare('SELECT name, value FROM settings').all()
    return new Map(rows.map(({ name, value }) => [String(name), String(value)]))
  }

  clear(): undefined {
    this.#connection.exec('DELETE FROM settings')
  }
}
