import { forms } from '../request/form.ts'
import { type Cost, endOf, type FactGraph, isAtMost, isLess, type Step, type Sum } from './fact-graph.ts'

/** The fact that the attacker has an administrator. */
export const administrator = 'administrator'

/** The goal of a search, and how good its best proof is so far. */
export class Goal {
  readonly #graph: FactGraph
  readonly #facts: string[]
  /** The fewest steps from a principal to the goal. */
  readonly #least: number
  #known: readonly Sum[] = []
  /** The size of the graph when `#known` was found. */
  #asOf = -1

  /** Whether one proof will do. */
  readonly #isFirst: boolean
  /** Whether everything is searched, however good the best proof is. */
  readonly #isBoundless: boolean
  /** Whether every proof is undecided, because it begins with what nobody can say. */
  isUndecidedAtBest = false

  /**
   * With the ARN of a principal, `administrator`, or undefined: everything. If any length will do, a shorter proof is
   * no better; nor is it among undecided ones if one proof will do.
   */
  constructor(
    graph: FactGraph,
    goal: string | undefined,
    { known, isFirst = false }: { readonly known?: ReadonlyMap<string, unknown>; readonly isFirst?: boolean },
    isBoundless = false,
  ) {
    this.#graph = graph
    this.#isFirst = isFirst
    this.#isBoundless = isBoundless
    // Where proofs are known already, a shorter one is no better.
    this.#least = known !== undefined ? Number.POSITIVE_INFINITY : goal === administrator ? 2 : 1
    this.#facts =
      goal === undefined ? [] : goal === administrator ? [goal] : forms.map((form) => `holds ${goal} ${form}`)
  }

  /** Adds a fact that is the goal as well: the principal is held in a session with a source identity. */
  add(fact: string): void {
    if (this.#facts.includes(fact)) return
    this.#facts.push(fact)
    this.#asOf = -1
  }

  /** Adds the steps of a proof of the goal that is known to begin with a fact; whether there is one. */
  follow(start: string, known: ReadonlyMap<string, readonly Step[]> | undefined): boolean {
    const end = known?.get(start)?.at(-1)
    if (end === undefined) return false
    this.add(endOf(end))
    return this.#graph.follow(start, known)
  }

  /** Returns the facts of the goal that are proven. */
  facts(): readonly string[] {
    return this.#facts.filter((fact) => this.#graph.has(fact))
  }

  /** The best proof. */
  cost(): Cost | undefined {
    let best: Cost | undefined
    for (const fact of this.#facts) {
      const cost = this.#graph.cost(fact)
      if (cost !== undefined && isLess(cost, best)) best = cost
    }
    return best
  }

  /** Whether a proof leaves no condition. */
  get isProven(): boolean {
    return this.cost()?.rank === 0
  }

  /** Whether a proof is asked for, and there is one that no other can be better than. */
  get isEnough(): boolean {
    return this.#isFirst && (this.isProven || (this.isUndecidedAtBest && this.cost() !== undefined))
  }

  /** Whether an undecided proof may be better than what there is: no proof was found yet, or all are asked for. */
  get wantsUndecided(): boolean {
    return !this.#isFirst || this.#isBoundless || this.cost() === undefined
  }

  /** The number of ways to the goal. */
  ways(): number {
    return this.#facts.reduce((count, fact) => count + this.#graph.ways(fact).length, 0)
  }

  /**
   * Whether no proof that begins with these facts can be better than the one that there is: it needs some steps more,
   * and all that is left of the facts.
   */
  isBeaten(facts: readonly string[]): boolean {
    if (this.#isFirst && this.cost()?.rank === 2 && this.#graph.sumOf(facts).rank === 2) return true
    return this.#isNoBetter(facts, this.#least - 1)
  }

  /** Whether a proof that begins with these facts is at most as good, and only if one step more gives the goal. */
  isTight(facts: readonly string[]): boolean {
    return this.#isNoBetter(facts, this.#least)
  }

  /** Whether a proof that begins with these facts and leaves a condition is no better than the one that there is. */
  isBeatenUnlessFree(facts: readonly string[]): boolean {
    // One that leaves none is better than another of as many steps.
    return this.#leavesNoMore(facts, this.isProven ? this.#least : this.#least - 1)
  }

  /** Whether a proof that begins with these facts and leaves a condition is at most as good, and only if one step more gives the goal. */
  isTightUnlessFree(facts: readonly string[]): boolean {
    return this.#leavesNoMore(facts, this.#least)
  }

  /** Whether the best proof leaves one condition at most, and needs as many steps as these facts and some more. */
  #leavesNoMore(facts: readonly string[], more: number): boolean {
    const best = this.cost()
    if (this.#isBoundless || best === undefined || best.rank > 1 || best.residual.size > 1) return false
    return best.steps <= this.#graph.sumOf(facts).steps + more
  }

  /** Whether an attacker with these facts is an administrator anyway: under the same conditions, or fewer. */
  isAdministrator(facts: readonly string[]): boolean {
    return this.#isNoBetter(facts, Number.POSITIVE_INFINITY, this.#graph.costsOf(administrator))
  }

  #isNoBetter(facts: readonly string[], more: number, known = this.#costs()): boolean {
    if (known.length === 0 || (this.#isBoundless && Number.isFinite(more))) return false
    const sum = this.#graph.sumOf(facts)
    return known.some((cost) => cost.steps <= sum.steps + more && isAtMost(cost, sum))
  }

  /** Returns the costs of the ways to the goal. */
  #costs(): readonly Sum[] {
    if (this.#asOf !== this.#graph.additions) {
      this.#asOf = this.#graph.additions
      this.#known = this.#facts.flatMap((fact) => this.#graph.costsOf(fact))
    }
    return this.#known
  }
}
