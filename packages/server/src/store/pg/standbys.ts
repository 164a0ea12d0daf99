import type { Standbys } from '../types.ts'
import type { Link } from './link.ts'

/** How often a node counts, in milliseconds. */
const every = 5_000

/** Counts the synchronous standbys of the database. */
export class StandbyCount {
  readonly #link: Link
  readonly #timer: NodeJS.Timeout
  #now: Standbys | undefined

  constructor(link: Link) {
    this.#link = link
    this.#timer = setInterval(() => void this.count(), every)
    this.#timer.unref()
  }

  /** The last answer; undefined before the first one, and if this user may not see standbys. */
  get now(): Standbys | undefined {
    return this.#now
  }

  /** Asks now. Without an answer, the last one stays. */
  async count(): Promise<void> {
    try {
      const [row] = await this.#link.query<StandbyRow>(countStandbys, [])
      this.#now = row && standbysIn(row)
    } catch {
      // a database that is away is noticed elsewhere
    }
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

interface StandbyRow {
  readonly [column: string]: unknown
  readonly awaited: boolean
  readonly standbys: number
  readonly hidden: number
}

/** Returns what a row of `countStandbys` says; undefined if the user may not see the states of standbys. */
export function standbysIn({ awaited, standbys, hidden }: StandbyRow): Standbys | undefined {
  return hidden > 0 ? undefined : { count: standbys, areAwaited: awaited }
}

export const countStandbys = {
  name: 'count-standbys',
  text: `
    SELECT current_setting('synchronous_standby_names') <> ''
        AND current_setting('synchronous_commit') NOT IN ('off', 'local') AS awaited,
      count(*) FILTER (WHERE sync_state IN ('sync', 'quorum'))::int AS standbys,
      count(*) FILTER (WHERE sync_state IS NULL)::int AS hidden
    FROM pg_stat_replication`,
}
