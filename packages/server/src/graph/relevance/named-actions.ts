import { type Statement, wildcardMatcher } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'

/** Which of some actions statements name. */
export class NamedActions {
  readonly #all: readonly string[]
  readonly #known: ReadonlySet<string>
  readonly #matches = new Map<string, readonly string[]>()

  /** @param all the actions, in lower case */
  constructor(all: readonly string[]) {
    this.#all = all
    this.#known = new Set(all)
  }

  /** The actions that a statement is about. */
  readonly of = perObject(({ action }: Statement): readonly string[] => {
    const named = new Set(action.values.flatMap(({ value }) => this.#matching(value.toLowerCase())))
    return action.negated ? this.#all.filter((each) => !named.has(each)) : [...named]
  })

  /** The actions that a pattern in lower case matches. */
  #matching(pattern: string): readonly string[] {
    let matching = this.#matches.get(pattern)
    if (matching === undefined) {
      const fits = wildcardMatcher(pattern)
      if (/[*?]/.test(pattern)) matching = this.#all.filter((each) => fits(each))
      else matching = this.#known.has(pattern) ? [pattern] : []
      this.#matches.set(pattern, matching)
    }
    return matching
  }
}
