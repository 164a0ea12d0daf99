import { keepLatest } from '../../base/index.ts'
import { guardLimits } from '../limits.ts'

interface Entry<T> {
  readonly value: Promise<T>
  readonly since: number
  readonly until: number
  readonly asked: string
}

/** What the upstream was asked: kept for a while, asked once however many wait for it, the oldest dropped first. */
export class Remembered<T> {
  readonly #entries = new Map<string, Entry<T>>()

  /**
   * What is known under the key, or what `ask` finds out. A failure is not kept. `asked` says in whose name, where the
   * answer may depend on it: what was heard in another's is asked anew.
   */
  get(key: string, now: number, ask: () => Promise<T>, asked = ''): Promise<T> {
    const known = this.#entries.get(key)
    if (known !== undefined && now < known.until && known.asked === asked) return known.value
    const value = ask()
    const entry = { value, since: now, until: now + guardLimits.rememberedFor, asked }
    keepLatest(this.#entries, key, entry, guardLimits.remembered)
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return value
  }

  /** How long ago, in milliseconds, what is known under the key was asked; undefined if nothing is. */
  age(key: string, now: number): number | undefined {
    const known = this.#entries.get(key)
    return known === undefined || now >= known.until ? undefined : now - known.since
  }

  /** What is asked for next is asked anew, even where an answer is on its way. */
  forget(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
