import { spend } from '../match/meter.ts'
import type { Context } from '../request/context.ts'
import type { Bound } from './bound.ts'
import { ByValue } from './by-value.ts'

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
  #index: Index | undefined
  #asked = 0

  constructor(bounds: readonly Bound[]) {
    this.all = bounds
  }

  /**
   * The statements that may be about a resource, in the order of the documents.
   * @param context leaves out statements with a condition that is false in it; absent if its keys are not all known; one that knows of unknown keys leaves out none
   */
  about(resource: string, context?: Context): readonly Bound[] {
    if (this.all.length < least) return this.all
    if (this.#asked < worth && ++this.#asked === worth) this.#index = indexOf(this.all)
    if (this.#index === undefined) return this.all
    const { places, lengths, everywhere } = this.#index
    let found = everywhere.about(context?.hasUnknown === true ? undefined : context)
    for (const length of lengths) {
      if (length > resource.length) break
      spend(4 + (length >> 3))
      const here = places.get(resource.slice(0, length))
      if (here !== undefined) found = found.length === 0 ? here : [...found, ...here]
    }
    if (found.length > 1) found = [...new Set(found)].sort((a, b) => a - b)
    return found.map((place) => this.all[place]!)
  }
}

/** Places by the text before the first wildcard or variable. */
interface Index {
  readonly places: ReadonlyMap<string, readonly number[]>
  /** Of those texts, ascending, without the empty one. */
  readonly lengths: readonly number[]
  /** The places of the empty one. */
  readonly everywhere: ByValue
}

/** Undefined if trying each statement is quicker. */
function indexOf(all: readonly Bound[]): Index | undefined {
  const places = new Map<string, number[]>()
  for (const [place, { heads }] of all.entries()) {
    for (const head of heads) {
      const here = places.get(head)
      if (here === undefined) places.set(head, [place])
      else if (here.at(-1) !== place) here.push(place)
    }
  }
  const everywhere = new ByValue(all, places.get('') ?? [])
  const lengths = [...new Set([...places.keys()].map((head) => head.length))].sort((a, b) => a - b)
  if (lengths.length * 2 + everywhere.least >= all.length) return undefined
  places.delete('')
  return { places, lengths: lengths.filter((length) => length > 0), everywhere }
}
