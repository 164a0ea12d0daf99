import { maxValueLength } from '../condition/condition.ts'
import type { Context } from '../request/context.ts'
import type { Bound } from './bound.ts'

/**
 * Statements that are about any resource, indexed by the texts that a condition of theirs asks for. Thousands of policies may
 * each name one project or team; a request then tries only those that name its own.
 */
export class ByValue {
  readonly #all: readonly number[]
  /** Places of statements without such a condition. */
  readonly #open: number[] = []
  /** By key and value. */
  readonly #byKey = new Map<string, Map<string, number[]>>()

  constructor(bounds: readonly Bound[], places: readonly number[]) {
    this.#all = places
    for (const place of places) {
      const condition = bounds[place]?.conditions.find(({ only }) => only !== undefined)
      if (condition?.only === undefined) this.#open.push(place)
      else this.#add(condition.key, condition.only, place)
    }
  }

  #add(key: string, values: readonly string[], place: number): void {
    const byValue = this.#byKey.get(key) ?? new Map<string, number[]>()
    this.#byKey.set(key, byValue)
    for (const value of new Set(values)) {
      const places = byValue.get(value)
      if (places === undefined) byValue.set(value, [place])
      else places.push(place)
    }
  }

  /** How many are tried at least, one look-up for each key among them. */
  get least(): number {
    return this.#open.length + this.#byKey.size
  }

  /** Places of those that may apply: each other one has a condition that does not hold. All of them without a context. */
  about(context: Context | undefined): readonly number[] {
    if (context === undefined || this.#byKey.size === 0) return this.#all
    let found: readonly number[] = this.#open
    for (const [key, byValue] of this.#byKey) {
      const seen = context.lookup(key)
      // No list fulfils such a condition, nor does an absent key.
      if (typeof seen !== 'string') continue
      if (seen.length > maxValueLength) return this.#all
      const places = byValue.get(seen)
      if (places !== undefined) found = found.length === 0 ? places : [...found, ...places]
    }
    return found
  }
}
