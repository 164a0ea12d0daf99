import type { Change } from '../store/index.ts'
import { defineTable, type Table } from './table.ts'

/** When an access key or a role last made a call, and where. */
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
 * Last uses of one account's keys and roles. Every call notes one, so noting costs no commit: what is new
 * stays in memory and travels with the account's next commit, or with the flush of every minute.
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

  /** Drops what is known of a key or role that is deleted. */
  forget(id: string): void {
    this.#fresh.delete(id)
    this.#kept.delete(id)
  }

  get hasFresh(): boolean {
    return this.#fresh.size > 0
  }

  /** What was noted since the last commit, as changes of the next. */
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
