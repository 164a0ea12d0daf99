import { type FactGraph, isAtMost } from '../proof/fact-graph.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import type { Outline } from '../relevance/shared.ts'
import { factsOf, heldAs, outcomeName } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import { mostWays } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { useName } from '../use/use-name.ts'
import type { Holdings } from './holdings.ts'

/** The results of a search about uses, so that nothing is asked or recorded twice. */
export class FoundUses {
  readonly #graph: FactGraph
  readonly #holdings: Holdings
  readonly #isFirst: boolean
  readonly #isSure: boolean
  readonly #done = new Set<string>()

  /** If the first proof of the goal is enough, so is the first proof of anything. */
  constructor(graph: FactGraph, holdings: Holdings, { isFirst = false, isSure = false }: SearchOptions) {
    this.#graph = graph
    this.#holdings = holdings
    this.#isFirst = isFirst
    this.#isSure = isSure
  }

  /** Whether a step may be taken, as surely as the search asks. */
  isWanted({ verdict }: Outline): boolean {
    return verdict !== 'blocked' && !(this.#isSure && verdict === 'undecided')
  }

  /** The name of a use by who makes it, whatever has been changed before. */
  stemOf(actor: Actor, { technique, use }: OwnUse): string {
    const others = [...(actor.helpers ?? [])].map(([action, each]) => `${action} ${factsOf(each).join()}`)
    return `${[heldAs(actor), ...others].join(' ')}\n${technique.id}\n${useName(use)}`
  }

  /** Whether a use need not be asked for: what comes of it is proven. */
  isKnown(actor: Actor, own: OwnUse): boolean {
    return this.isSettled(own) || this.#isHeldAlone(actor, own)
  }

  /** Whether what partners would come to is held under no more conditions already. */
  #isHeldAlone(actor: Actor, { use: { outcome } }: OwnUse): boolean {
    const fact = outcomeName(outcome)
    if (actor.helpers === undefined || !this.#graph.has(fact)) return false
    return isAtMost(this.#graph.sumOf([fact]), this.#graph.sumOf(factsOf(actor)))
  }

  /** Whether what comes of a use is proven, and further ways to it are not wanted. */
  isSettled({ use: { outcome } }: OwnUse): boolean {
    const fact = outcomeName(outcome)
    // Of a proof that was found before, principals are not held.
    if (this.#graph.cost(fact)?.rank !== 0 || !this.#holdings.has(fact)) return false
    return this.#isFirst || this.#graph.ways(fact).length >= mostWays
  }

  /** Whether a use was found with the same changes before; if not, it is noted. */
  isDone(stem: string, { variant }: Actor): boolean {
    const name = `${stem}\n${variant.changes.join('\n')}`
    if (this.#done.has(name)) return true
    this.#done.add(name)
    return false
  }
}
