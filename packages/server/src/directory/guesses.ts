import { Failures, keepLatest } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/**
 * Counts wrong guesses at a secret by name, over all nodes. With a store of one process the counts are in its memory; a
 * call of such a server waits for nothing.
 *
 * A call that is run again, because what it saw has changed, is one guess. It is known by its id.
 */
export class Guesses {
  readonly #store: Store
  readonly #window: number
  readonly #most: number
  readonly #kept: number
  readonly #local: Failures
  /** The latest calls whose guess is counted. */
  readonly #counted = new Map<string, true>()

  /** @param window in milliseconds @param most the guesses within a window @param kept the names that are kept */
  constructor(store: Store, { window, most, kept }: { window: number; most: number; kept: number }) {
    this.#store = store
    this.#window = window
    this.#most = most
    this.#kept = kept
    this.#local = new Failures(window, kept)
  }

  /**
   * Counts a guess as wrong before it is checked, because many may come at once. Returns false if it must not be checked.
   * @param call the id of the call that guesses, if it may be run again
   */
  async take(name: string, now: number, call?: string): Promise<boolean> {
    if (call !== undefined) {
      if (this.#isCounted(name, call)) return true
      if (!(await this.take(name, now))) return false
      keepLatest(this.#counted, nameOf(name, call), true, this.#kept)
      return true
    }
    if (!this.#store.shared) {
      if (this.#local.of(name, now) >= this.#most) return false
      this.#local.add(name, now)
      return true
    }
    if ((await this.#store.countFailures(name, 1, this.#window)) <= this.#most) return true
    await this.giveBack(name)
    return false
  }

  /** Takes back a guess that was not wrong. With a store of one process, `forget` does. */
  async giveBack(name: string): Promise<void> {
    if (this.#store.shared) await this.#store.countFailures(name, -1, this.#window)
  }

  /** Forgets the guesses: one was right. */
  async forget(name: string): Promise<void> {
    this.#local.forget(name)
    if (this.#store.shared) await this.#store.countFailures(name, -this.#most - 1, this.#window)
  }

  #isCounted(name: string, call: string): boolean {
    return this.#counted.has(nameOf(name, call))
  }
}

function nameOf(name: string, call: string): string {
  return `${call} ${name}`
}
