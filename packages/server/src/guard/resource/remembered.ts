import { guardLimits } from '../limits.ts'

interface Entry<T> {
  readonly value: Promise<T>
  readonly since: number
  readonly until: number
  readonly asked: string
  size: number
  settled?: T
}

/** The limit of all values together in bytes, and the size of one. */
interface Weight<T> {
  readonly bytes: number
  sizeOf(value: T): number
}

/** Answers of the upstream: kept for a while, requested once however many wait for them, the oldest dropped first. */
export class Remembered<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #milliseconds: number
  readonly #weight: Weight<T> | undefined
  #bytes = 0

  /**
   * @param milliseconds until an answer is requested again; with 0, by every other instant
   * @param weight bounds what is kept by bytes also
   */
  constructor(milliseconds: number, weight?: Weight<T>) {
    this.#milliseconds = milliseconds
    this.#weight = weight
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
    const entry: Entry<T> = { value, since: now, until: now + this.#milliseconds, asked, size: 0 }
    this.forget(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > guardLimits.remembered) this.forget(this.#entries.keys().next().value!) // it is not empty
    value.then(
      (settled) => {
        entry.settled = settled
        this.#weigh(key, entry, settled)
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
      },
    )
    return value
  }

  /** The key's value, if it is there already. */
  settled(key: string, now: number): T | undefined {
    const known = this.#entries.get(key)
    return known !== undefined && (now < known.until || now === known.since) ? known.settled : undefined
  }

  /** The age in milliseconds of the key's value; undefined if there is none. */
  age(key: string, now: number): number | undefined {
    const known = this.#entries.get(key)
    return known === undefined || now >= known.until ? undefined : now - known.since
  }

  /** The next question is sent again, even if an answer is on its way. */
  forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  #weigh(key: string, entry: Entry<T>, value: T): void {
    if (this.#weight === undefined || this.#entries.get(key) !== entry) return
    entry.size = this.#weight.sizeOf(value)
    this.#bytes += entry.size
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#weight.bytes) return
      this.forget(oldest)
    }
  }
}
