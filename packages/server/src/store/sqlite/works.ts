import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type QueuedWork, workMost } from '../work-types.ts'

/** Work that outlives its process: one row each. Claims are the process's own (`Claims`). */
export class WorkTable {
  readonly #connection: DatabaseSync
  readonly #due: StatementSync
  readonly #change: StatementSync
  readonly #delete: StatementSync

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#due = connection.prepare('SELECT id, value FROM works WHERE due <= ? ORDER BY due, id LIMIT ?')
    this.#change = connection.prepare('UPDATE works SET value = ?, size = ?, due = ? WHERE id = ?')
    this.#delete = connection.prepare('DELETE FROM works WHERE id = ?')
  }

  add({ id, value }: QueuedWork, now: number): boolean {
    const known = this.#connection.prepare('SELECT count(*) AS works, total(size) AS size FROM works').get()
    if (Number(known?.works) >= workMost.works) return false
    if (Number(known?.size) + value.length > workMost.characters) return false
    this.#connection
      .prepare('INSERT INTO works (id, due, size, value) VALUES (?, ?, ?, ?)')
      .run(id, now, value.length, value)
    return true
  }

  /** Returns work that is due, but for some, the oldest first. */
  due(now: number, limit: number, except: ReadonlySet<string>): readonly QueuedWork[] {
    const rows = this.#due.all(now, limit + except.size)
    return rows
      .map(({ id, value }) => ({ id: String(id), value: String(value) }))
      .filter(({ id }) => !except.has(id))
      .slice(0, limit)
  }

  /** The work is done, or due again. */
  end(id: string, again: { readonly value: string; readonly due: number } | undefined): undefined {
    if (again === undefined) this.#delete.run(id)
    else this.#change.run(again.value, again.value.length, again.due, id)
  }

  isEmpty(): boolean {
    return this.#connection.prepare('SELECT 1 FROM works LIMIT 1').get() === undefined
  }

  clear(): void {
    this.#connection.exec('DELETE FROM works')
  }
}
