/** An index of the starts of patterns, for finding the few that may match another pattern. */
export class Heads {
  readonly #places = new Map<string, number[]>()
  /** Lengths of the texts, the shortest first. */
  readonly #lengths: readonly number[]
  /** The different texts in order. */
  readonly #sorted: readonly string[]

  constructor(heads: readonly string[]) {
    for (const [place, head] of heads.entries()) {
      const here = this.#places.get(head)
      if (here === undefined) this.#places.set(head, [place])
      else here.push(place)
    }
    this.#lengths = [...new Set(heads.map(({ length }) => length))].sort((a, b) => a - b)
    this.#sorted = [...this.#places.keys()].sort()
  }

  /** The indexes of the texts that a text starts with, including itself. */
  beginningsOf(text: string): readonly number[] {
    const found: number[] = []
    for (const length of this.#lengths) {
      if (length > text.length) break
      found.push(...(this.#places.get(text.slice(0, length)) ?? []))
    }
    return found
  }

  /** The indexes of the longer texts that start with a text. */
  continuationsOf(text: string): readonly number[] {
    let from = 0
    let to = this.#sorted.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#sorted[middle]! <= text) from = middle + 1
      else to = middle
    }
    const found: number[] = []
    for (let at = from; at < this.#sorted.length; at++) {
      const head = this.#sorted[at]!
      if (!head.startsWith(text)) break
      found.push(...this.#places.get(head)!)
    }
    return found
  }
}
