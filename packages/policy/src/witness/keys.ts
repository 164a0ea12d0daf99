import type { KeyDomain, OpenRequest } from './question.ts'

/** The coverage of a key by a request. */
export type Covered =
  | { readonly type: 'known' }
  | { readonly type: 'chosen' | 'open'; readonly domain: KeyDomain }

/** Any text, or absent. */
const anything: KeyDomain = { mayBeAbsent: true }
const known: Covered = { type: 'known' }
const openCover: Covered = { type: 'open', domain: anything }

/** The condition keys of a request. */
export class KeyTable {
  readonly #full = new Map<string, Covered>()
  /** Names that end in `*`, without it; the longest first. */
  readonly #starts: (readonly [start: string, covered: Covered])[] = []

  constructor({ context, chosen = {}, open = {}, absent = [] }: OpenRequest) {
    for (const [name, domain] of Object.entries(open)) this.#add(name, { type: 'open', domain })
    for (const [name, domain] of Object.entries(chosen)) this.#add(name, { type: 'chosen', domain })
    for (const name of absent) this.#add(name, known)
    for (const name of Object.keys(context)) this.#full.set(name.toLowerCase(), known)
    this.#starts.sort(([one], [other]) => other.length - one.length)
  }

  #add(name: string, covered: Covered): void {
    const key = name.toLowerCase()
    if (key.endsWith('*')) this.#starts.push([key.slice(0, -1), covered])
    else this.#full.set(key, covered)
  }

  /** Returns the coverage of a key, which is given in lower case. */
  coverOf(key: string): Covered {
    return this.#full.get(key) ?? this.#starts.find(([start]) => key.startsWith(start))?.[1] ?? openCover
  }
}
