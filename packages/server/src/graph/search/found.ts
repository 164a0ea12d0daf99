import { type FactGraph, isAtMost } from '../proof/fact-graph.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import type { Outline } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { type Outcome, outcomeName } from '../request/binding.ts'
import { mostWays } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { useName } from '../use/use-name.ts'
import type { Forks } from './forks.ts'
import type { State } from './state.ts'

/** The results of a search about uses, so that nothing is asked or recorded twice. */
export class FoundUses {
  readonly #graph: FactGraph
  readonly #forks: Forks
  readonly #isFirst: boolean
  readonly #isSure: boolean
  readonly #recorded = new Set<string>()

  /** If the first proof of the goal is enough, so is the first proof of anything. */
  constructor(graph: FactGraph, forks: Forks, { isFirst = false, isSure = false }: SearchOptions) {
    this.#graph = graph
    this.#forks = forks
    this.#isFirst = isFirst
    this.#isSure = isSure
  }

  /** Whether a step may be taken, as surely as the search asks. */
  isWanted({ verdict }: Outline): boolean {
    return verdict !== 'blocked' && !(this.#isSure && verdict === 'undecided')
  }

  /**
   * Whether a use need not be asked for in a state: what comes of it is proven, or holds under no more conditions than the facts that
   * its actor rests on. A further way to it is then wanted only of an actor that makes all calls itself, and where several are.
   */
  isKnown(state: State, { helpers }: Actor, own: OwnUse, facts: readonly string[]): boolean {
    if (this.isSettled(state, own)) return true
    const fact = this.factOf(state, own.use.outcome)
    if (fact === undefined || (helpers === undefined && !this.#isFirst)) return false
    return isAtMost(this.#graph.sumOf([fact]), this.#graph.sumOf(facts))
  }

  /** Whether what comes of a use is proven, and further ways to it are not wanted. */
  isSettled(state: State, { use: { outcome } }: OwnUse): boolean {
    const fact = this.factOf(state, outcome)
    if (fact === undefined || this.#graph.cost(fact)?.rank !== 0) return false
    const isBefore = state.factOf(outcomeName(outcome)) !== undefined && !state.hasOwn(outcomeName(outcome))
    return isBefore || this.#isFirst || this.#graph.ways(fact).length >= mostWays
  }

  /** The fact that what comes of a use holds: in a state, or after it. */
  factOf(state: State, outcome: Outcome): string | undefined {
    const fact = state.factOf(outcomeName(outcome))
    return fact ?? (outcome.is === 'change' ? this.#forks.factOf(state, outcome.change) : undefined)
  }

  /** Whether a step to a fact was recorded before; if not, it is noted. */
  isRecorded(fact: string, { technique, use }: OwnUse, before: readonly string[]): boolean {
    const name = `${fact}\n${technique.id}\n${useName(use)}\n${before.join('\n')}`
    if (this.#recorded.has(name)) return true
    this.#recorded.add(name)
    return false
  }
}
