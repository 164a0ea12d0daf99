import { Failures } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/**
 * Counts wrong guesses at a secret by name, over all nodes. With a store of one process the counts are in its memory; a
 * call of such a house waits for nothing.
 */
export class Guesses {
  readonly #store: Store
  readonly #window: number
  readonly #most: number
  readonly #local: Failures

  /** @param window in milliseconds @param most the guesses within a window @param kept the names that are kept */
  constructor(store: Store, { window, most, kept }: { window: number; most: number; kept: number }) {
    this.#store = store
    this.#window = window
    this.#most = most
    this.#local = new Failures(window, kept)
  }

  /** Counts a guess as wrong before it is checked, because many may come at once. Returns false if it must not be checked. */
  async take(name: string, now: number): Promise<boolean> {
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

  /** Whether a guess may be checked, for code that must not wait. It knows other nodes' guesses since its own last wrong one. */
  mayTry(name: string, now: number): boolean {
    return this.#local.of(name, now) < this.#most
  }

  /** Counts a wrong guess, for code that must not wait. */
  noteWrong(name: string, now: number): void {
    this.#local.add(name, now)
    if (!this.#store.shared) return
    this.#store.countFailures(name, 1, this.#window).then(
      (count) => {
        for (let known = this.#local.of(name, now); known < Math.min(count, this.#most); known++)
          this.#local.add(name, now)
      },
      () => {
        // the store is away: this node's own count stays
      },
    )
  }
}
