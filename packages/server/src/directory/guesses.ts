import { Failures, keepLatest } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/**
 * Counts wrong guesses at a secret by name, over all nodes. With a store of one process the counts are in its memory; a
 * call of such a house waits for nothing.
 *
 * A call that is run again, because what it saw has changed, is one guess. It is known by its id.
 */
export class Guesses {
  readonly #store: Store
  readonly #window: number
  readonly #most: number
  readonly #kept: number
  readonly #local: Failures
  /** The latest calls whose guess is counted as wrong, and whether a shared store has counted it. */
  readonly #counted = new Map<string, Promise<boolean> | undefined>()

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
      this.#note(name, call)
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

  /** Whether a guess may be checked, for code that must not wait. It knows other nodes' guesses since its own last wrong one. */
  mayTry(name: string, now: number, call: string): boolean {
    const own = this.#isCounted(name, call) ? 1 : 0
    return this.#local.of(name, now) - own < this.#most
  }

  /** Counts a wrong guess of a call, once, for code that must not wait. */
  noteWrong(name: string, now: number, call: string): void {
    if (this.#isCounted(name, call)) return
    this.#local.add(name, now)
    this.#note(name, call, this.#store.shared ? this.#countShared(name, now) : undefined)
  }

  /** Takes back the guess of a call that was counted as wrong on a state which was not the last one. */
  noteRight(name: string, now: number, call: string): void {
    if (!this.#isCounted(name, call)) return
    const counted = this.#counted.get(nameOf(name, call))
    this.#counted.delete(nameOf(name, call))
    if (counted === undefined) {
      this.#local.remove(name, now)
      return
    }
    counted
      .then((isShared) => {
        this.#local.remove(name, now)
        return isShared ? this.giveBack(name) : undefined
      })
      .catch(() => {}) // the store is away: its count ends with its window
  }

  #isCounted(name: string, call: string): boolean {
    return this.#counted.has(nameOf(name, call))
  }

  #note(name: string, call: string, counted?: Promise<boolean>): void {
    keepLatest(this.#counted, nameOf(name, call), counted, this.#kept)
  }

  async #countShared(name: string, now: number): Promise<boolean> {
    try {
      const count = await this.#store.countFailures(name, 1, this.#window)
      for (let known = this.#local.of(name, now); known < Math.min(count, this.#most); known++)
        this.#local.add(name, now)
      return true
    } catch {
      return false // the store is away: this node's own count stays
    }
  }
}

function nameOf(name: string, call: string): string {
  return `${call} ${name}`
}
