import { keepLatest } from '../../base/index.ts'
import { guardLimits } from '../limits.ts'

interface Entry<T> {
  readonly value: Promise<T>
  readonly since: number
  readonly until: number
  readonly asked: string
}

/** Answers of the upstream: kept for a while, requested once however many wait for them, the oldest dropped first. */
export class Remembered<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #milliseconds: number

  /** @param milliseconds until an answer is requested again; with 0, by every other instant */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
  }

  /**
   * The value of the key, or the result of `ask`. A failure is not kept. `asked` names the caller if the answer may
   * depend on it: another caller's answer is requested again.
   */
  get(key: string, now: number, ask: () => Promise<T>, asked = ''): Promise<T> {
    const known = this.#entries.get(key)
    // a call asks at one instant, however many of its resources it asks about
    const isKnown = known !== undefined && (now < known.until || now === known.since)
    if (isKnown && known.asked === asked) return known.value
    const value = ask()
    const entry = { value, since: now, until: now + this.#milliseconds, asked }
    keepLatest(this.#entries, key, entry, guardLimits.remembered)
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return value
  }

  /** The age in milliseconds of the key's value; undefined if there is none. */
  age(key: string, now: number): number | undefined {
    const known = this.#entries.get(key)
    return known === undefined || now >= known.until ? undefined : now - known.since
  }

  /** The next question is sent again, even if an answer is on its way. */
  forget(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
