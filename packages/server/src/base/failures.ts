import { keepLatest } from './keep-latest.ts'

interface Count {
  readonly since: number
  readonly failures: number
}

/**
 * Counts failures by name within a window that begins with the first of them. The counts are in memory, separate for
 * each node.
 */
export class Failures {
  readonly #counts = new Map<string, Count>()
  readonly #window: number
  readonly #most: number

  /**
   * @param window in milliseconds @param most the number of names that are kept; the one whose failure is oldest is
   * removed first
   */
  constructor(window: number, most: number) {
    this.#window = window
    this.#most = most
  }

  /** Returns the number of failures. */
  of(name: string, now: number): number {
    return this.#counting(name, now)?.failures ?? 0
  }

  add(name: string, now: number): void {
    const { since, failures } = this.#counting(name, now) ?? { since: now, failures: 0 }
    keepLatest(this.#counts, name, { since, failures: failures + 1 }, this.#most)
  }

  forget(name: string): void {
    this.#counts.delete(name)
  }

  #counting(name: string, now: number): Count | undefined {
    const count = this.#counts.get(name)
    return count !== undefined && now < count.since + this.#window ? count : undefined
  }
}
