import type { Change } from '../store/index.ts'
import { defineTable, type Table } from './table.ts'

/** The last call of an access key or a role: time and place. */
export interface LastUse {
  /** The key's id, or the role's. */
  readonly id: string
  /** The signing name of the service called: `iam`. */
  readonly service: string
  readonly region: string
  readonly at: number
}

export const lastUses = defineTable<LastUse>({ kind: 'iam/last-use', key: (r) => r.id })

/**
 * Last uses of an account's keys and roles. Every call records one, so it costs no commit: new ones stay in memory and
 * are stored with the account's next commit, or with the flush of every minute.
 */
export class Usage {
  readonly #kept: Table<LastUse>
  readonly #fresh = new Map<string, LastUse>()

  constructor(kept: Table<LastUse>) {
    this.#kept = kept
  }

  note(id: string, service: string, region: string, at: number): void {
    this.#fresh.set(id, { id, service, region, at })
  }

  find(id: string): LastUse | undefined {
    return this.#fresh.get(id) ?? this.#kept.find(id)
  }

  /** Removes what is known of a key or role that is deleted. */
  forget(id: string): void {
    this.#fresh.delete(id)
    this.#kept.delete(id)
  }

  get hasFresh(): boolean {
    return this.#fresh.size > 0
  }

  /** Returns what was recorded since the last commit, as changes of the next. */
  takeFresh(): readonly Change[] {
    const changes: Change[] = []
    for (const use of this.#fresh.values()) {
      const value = JSON.stringify(use)
      this.#kept.load(value)
      changes.push({ kind: lastUses.kind, id: use.id, value })
    }
    this.#fresh.clear()
    return changes
  }
}
