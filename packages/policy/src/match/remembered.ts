/**
 * A bounded memory in two generations. If the younger one is full, it becomes the older one, and what nobody asked for
 * since then is forgotten. So the memory is never emptied at once, and what is used often stays.
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
