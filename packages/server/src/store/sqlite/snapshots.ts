import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** The most snapshots. Each is a copy of everything. */
const snapshotsMost = 256

/** The tables of a snapshot. Sequence numbers of events are not among them, because none is used twice. */
const tables = [
  'settings',
  'accounts',
  'items',
  'last_uses',
  'deliveries',
  'trail_files',
  'blobs',
  'blob_uses',
  'event_chunks',
  'event_blocks',
  'event_terms',
  'denials',
  'denial_documents',
] as const

/** Copies of the whole database in temporary tables. They end with the connection. */
export class SnapshotTables {
  readonly #connection: DatabaseSync
  #statements: readonly { readonly copy: StatementSync; readonly restore: StatementSync }[] | undefined
  #taken = 0

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  /** Copies everything. Returns the snapshot's number. */
  take(): number {
    if (this.#taken >= snapshotsMost) throw new RangeError(`more than ${snapshotsMost} snapshots`)
    const number = ++this.#taken
    for (const { copy } of this.#prepared()) copy.run(number)
    return number
  }

  /** Restores the content of a snapshot. The caller must drop what it remembers of the tables. */
  restore(number: number): void {
    if (!(number >= 1 && number <= this.#taken)) throw new RangeError(`there is no snapshot ${number}`)
    this.#connection.exec(tables.map((table) => `DELETE FROM main.${table};`).join(' '))
    for (const { restore } of this.#prepared()) restore.run(number)
  }

  #prepared() {
    this.#statements ??= tables.map((table) => {
      const columns = this.#columnsOf(table)
      const keys = columns.filter(({ key }) => key).map(({ name }) => name)
      const names = columns.map(({ name }) => name).join(', ')
      // in the order of the primary key, in which the rows are inserted again
      this.#connection.exec(
        `CREATE TEMP TABLE kept_${table} (snapshot, ${names}, PRIMARY KEY (snapshot, ${keys.join(', ')})) WITHOUT ROWID`,
      )
      return {
        copy: this.#connection.prepare(`INSERT INTO kept_${table} SELECT ?, ${names} FROM main.${table}`),
        restore: this.#connection.prepare(
          `INSERT INTO main.${table} (${names}) SELECT ${names} FROM kept_${table} WHERE snapshot = ?`,
        ),
      }
    })
    return this.#statements
  }

  #columnsOf(table: string): readonly { readonly name: string; readonly key: boolean }[] {
    const rows = this.#connection.prepare(`PRAGMA main.table_info(${table})`).all()
    return rows
      .map(({ name, pk }) => ({ name: String(name), key: Number(pk) }))
      .sort((a, b) => (a.key || Number.POSITIVE_INFINITY) - (b.key || Number.POSITIVE_INFINITY) || 0)
      .map(({ name, key }) => ({ name, key: key > 0 }))
  }
}
