import { keepLatest, systemClock } from '../../base/index.ts'

/** The names that are kept; the one that was counted longest ago is removed first. */
const namesMost = 40_000

/** Counts of failures by name, in memory: the nodes of one process share them, and a restart ends them. */
export class FailureCounts {
  readonly #counts = new Map<string, { readonly since: number; readonly count: number }>()

  /** See `Store.countFailures`. */
  count(name: string, by: number, window: number): number {
    const now = systemClock.now()
    const known = this.#counts.get(name)
    const { since, count } =
      known === undefined || now >= known.since + window ? { since: now, count: 0 } : known
    const after = Math.max(0, count + by)
    if (after === 0) this.#counts.delete(name)
    else keepLatest(this.#counts, name, { since, count: after }, namesMost)
    return after
  }

  clear(): void {
    this.#counts.clear()
  }
}
