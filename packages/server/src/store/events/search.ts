import type { EventSearch, StoredEvent } from '../types.ts'
import type { EventChunk } from './chunk.ts'

/** Finds the texts of a search. Chunks without them are skipped without parsing. */
export class TextSearch {
  readonly #search: EventSearch
  readonly #patterns: readonly RegExp[]
  readonly found: { readonly place: string; readonly event: StoredEvent }[] = []

  constructor(search: EventSearch) {
    this.#search = search
    this.#patterns = search.texts.map((texts) => new RegExp(texts.map(escaped).join('|'), 'i'))
  }

  /**
   * Searches the events of a chunk before a place of it, newest first. Returns the place of the event with which the step
   * is complete, or undefined if it is not.
   */
  searchIn(chunk: EventChunk, before: number, nameOf: (place: number) => string): number | undefined {
    if (!this.#patterns.every((pattern) => pattern.test(chunk.text))) return undefined
    for (let place = before - 1; place >= 0; place--) {
      const json = chunk.json(place)
      if (!this.#holds(json, chunk.line(place))) continue // most heads need not be parsed
      const head = chunk.head(place)
      if (head === undefined || head[1] !== this.#search.account) continue
      if (!this.#holds(json, head[13] ?? '')) continue
      const event = chunk.event(place)
      if (event !== undefined) this.found.push({ place: nameOf(place), event })
      if (this.found.length === this.#search.limit) return place
    }
    return undefined
  }

  #holds(json: string, decision: string): boolean {
    return this.#patterns.every(
      (pattern) => pattern.test(json) || (decision !== '' && pattern.test(decision)),
    )
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
