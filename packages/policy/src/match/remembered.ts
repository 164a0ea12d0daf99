/**
 * A bounded cache in two generations. When the young generation is full, it becomes the old one, and unused entries
 * of the old one are dropped. The cache is never emptied at once, and frequent entries stay.
 */
export class Remembered<T> {
  readonly #most: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  /** `most`: entries of one generation. */
  constructor(most: number) {
    this.#most = most
  }

  get(key: string): T | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#most) this.grow()
    this.#young.set(key, value)
  }

  /** Begins a new generation. */
  grow(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}
