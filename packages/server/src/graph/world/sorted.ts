import type { Resource } from './world.ts'

/** Entries in the order of their ARNs, found by the start of an ARN. */
export class Sorted<Entry extends { readonly arn: string }> {
  readonly all: readonly Entry[]
  #sorted: readonly Entry[] | undefined

  constructor(all: readonly Entry[]) {
    this.all = all
  }

  /** The entries that begin with one of these texts, each once. */
  startingWith(heads: readonly string[]): readonly Entry[] {
    if (heads.includes('')) return this.all
    if (heads.length === 0) return []
    const name = heads.join()
    const known = this.#found.get(name)
    if (known !== undefined) return known
    const found = this.#find(heads)
    this.#size += found.length
    if (this.#size > foundMost || this.#found.size >= foundMost) {
      this.#found.clear()
      this.#size = found.length
    }
    this.#found.set(name, found)
    return found
  }

  /** The results, by the texts. */
  readonly #found = new Map<string, readonly Entry[]>()
  #size = 0

  #find(heads: readonly string[]): readonly Entry[] {
    this.#sorted ??= [...this.all].sort((one, other) => (one.arn < other.arn ? -1 : 1))
    const sorted = this.#sorted
    const found: Entry[] = []
    for (const head of shortest(heads)) {
      for (let place = firstAtLeast(sorted, head); place < sorted.length; place++) {
        const entry = sorted[place]
        if (entry?.arn.startsWith(head) !== true) break
        found.push(entry)
      }
    }
    return found
  }
}

/** More entries than this are not kept for later. */
const foundMost = 20_000

/** The texts of which no other one is a start. */
function shortest(heads: readonly string[]): readonly string[] {
  if (heads.length < 2) return heads
  const kept: string[] = []
  for (const head of [...new Set(heads)].sort()) {
    const last = kept.at(-1)
    if (last === undefined || !head.startsWith(last)) kept.push(head)
  }
  return kept
}

function firstAtLeast(sorted: readonly { readonly arn: string }[], head: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.arn ?? '') < head) low = middle + 1
    else high = middle
  }
  return low
}

/** Existing resources of one type. */
export class Resources extends Sorted<Resource> {
  #byProfile: ReadonlyMap<unknown, readonly Resource[]> | undefined
  #byForm: ReadonlyMap<number, readonly Resource[]> | undefined

  /** Instances by the ARN of their instance profile. */
  get byProfile(): ReadonlyMap<unknown, readonly Resource[]> {
    this.#byProfile ??= Map.groupBy(this.all, ({ facts }) => facts.instanceProfile)
    return this.#byProfile
  }

  /** By how many parts their ARNs have: those of one form have one resource of each. */
  get byForm(): ReadonlyMap<number, readonly Resource[]> {
    this.#byForm ??= Map.groupBy(this.all, ({ arn }) => arn.split('/').length)
    return this.#byForm
  }
}
