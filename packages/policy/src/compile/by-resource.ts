import type { Bound } from './bound.ts'

/** Fewer statements are tried one by one. */
const least = 24
/** Requests before the index is built. Policies that are tried once, such as edits, need no index. */
const worth = 4

/**
 * Statements about one action, indexed by the start of their resources. Thousands of policies may each name one
 * resource; a request then tries only those whose start matches its own.
 */
export class ByResource {
  /** All of them, in the order of the documents. */
  readonly all: readonly Bound[]
  /** Places by the text before the first wildcard or variable; undefined if trying each is quicker. */
  #index:
    | { readonly places: ReadonlyMap<string, readonly number[]>; readonly lengths: readonly number[] }
    | undefined
  #asked = 0

  constructor(bounds: readonly Bound[]) {
    this.all = bounds
  }

  /** Those that may be about a resource, in the order of the documents. */
  about(resource: string): readonly Bound[] {
    if (this.all.length < least) return this.all
    if (this.#asked < worth && ++this.#asked === worth) this.#build()
    if (this.#index === undefined) return this.all
    const { places, lengths } = this.#index
    let found: readonly number[] = []
    for (const length of lengths) {
      if (length > resource.length) break
      const here = places.get(resource.slice(0, length))
      if (here !== undefined) found = found.length === 0 ? here : [...found, ...here]
    }
    if (found.length > 1) found = [...new Set(found)].sort((a, b) => a - b)
    return found.map((place) => this.all[place]!)
  }

  #build(): void {
    const places = new Map<string, number[]>()
    for (const [place, { heads }] of this.all.entries()) {
      for (const head of heads) {
        const here = places.get(head)
        if (here === undefined) places.set(head, [place])
        else if (here.at(-1) !== place) here.push(place)
      }
    }
    const lengths = [...new Set([...places.keys()].map((head) => head.length))].sort((a, b) => a - b)
    const everywhere = places.get('')?.length ?? 0
    if (lengths.length * 2 + everywhere < this.all.length) this.#index = { places, lengths }
  }
}
