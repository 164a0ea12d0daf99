import type { Technique } from '../../authorization/catalogue/index.ts'
import { callsOf, isUsable, lowered, mayPass } from '../relevance/search-options.ts'
import { valueIn } from '../world/lists.ts'

/** The techniques that count for who is allowed some actions. */
interface Used {
  readonly usable: readonly Technique[]
  /** The techniques that it may begin and others end. */
  readonly possible: readonly Technique[]
}

/** The techniques of a search, by the actions that are allowed: principals differ more by what they name than by these. */
export class UsedTechniques {
  readonly all: readonly Technique[]
  readonly #byFirstNeed: ReadonlyMap<string, readonly Technique[]>
  readonly #known = new Map<string, Used>()

  constructor(all: readonly Technique[]) {
    this.all = all
    this.#byFirstNeed = Map.groupBy(all, ({ needs }) => lowered(needs[0]?.action ?? ''))
  }

  /** Returns the techniques that count for a principal that is allowed these actions, in lower case. */
  of(allowed: ReadonlySet<string>): Used {
    const name = [...allowed].join()
    return valueIn(this.#known, name, () => {
      const all = ['', ...allowed].flatMap((action) => this.#byFirstNeed.get(action) ?? [])
      const isBegun = (technique: Technique): boolean => {
        const { first, following } = callsOf(technique)
        return following.size > 0 && first.some((call) => allowed.has(call)) && mayPass(technique, allowed)
      }
      return { usable: all.filter((each) => isUsable(each, allowed)), possible: all.filter(isBegun) }
    })
  }
}
