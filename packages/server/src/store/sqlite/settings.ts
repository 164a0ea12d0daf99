import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Settings of the installation, by name. */
export class SettingTable {
  readonly #connection: DatabaseSync
  readonly #read: StatementSync
  readonly #write: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#read = connection.prepare('SELECT value FROM settings WHERE name = ?')
    this.#write = connection.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  }

  read(name: string): string | undefined {
    return this.#read.get(name)?.value as string | undefined // the column is TEXT NOT NULL in a STRICT table
  }

  write(name: string, value: string): undefined {
    this.#write.run(name, value)
  }

  clear(): undefined {
    this.#connection.exec('DELETE FROM settings')
  }
}
