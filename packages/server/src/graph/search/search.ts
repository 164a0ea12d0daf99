import { FactGraph, type Step } from '../proof/fact-graph.ts'
import { Goal } from '../proof/goal.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { heldAs, heldName } from '../request/binding.ts'
import type { Outsider } from '../request/outside.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { accountOfArn, type Principal, type World } from '../world/world.ts'
import { Blocked } from './blocked.ts'
import { entrancesOf } from './entrance.ts'
import { Exploration } from './explore.ts'
import type { Footprint } from './footprint.ts'
import { type Fork, Forks } from './forks.ts'
import { FoundUses } from './found.ts'
import { isAsBefore } from './growing.ts'
import { Holdings } from './holdings.ts'
import type { Common } from './round.ts'
import { Sides } from './sides.ts'
import type { State } from './state.ts'
import { Wanted } from './wanted.ts'

/**
 * The most states of a search, and the most of them that two changes lead to which could be made in any order: mostly they
 * give no more together.
 */
const most = { states: 400, pairs: 20 }

/** The least fixpoint: everything that an attacker comes to hold and to change, from one principal, in all states. */
export class Search {
  readonly graph = new FactGraph()
  readonly world: World
  readonly target: Goal
  readonly holdings: Holdings
  /** The facts that the search rests on. */
  readonly footprint: Footprint
  readonly #neighbours: Neighbours<Shared>
  /** The questions to each account. */
  readonly #sides: Sides
  readonly #blocked = new Blocked()
  readonly #common: Common
  readonly #forks: Forks
  readonly #first: Exploration
  /** In the order in which states are looked at. */
  readonly #explorations = new Map<State, Exploration>()
  #pairs = 0
  /** The changes that rest with what is kept: with what is to be searched, with the ways to facts, with what is put off. */
  entries = 0

  constructor(shared: Shared, options: SearchOptions, goal?: string) {
    this.world = shared.world
    this.#neighbours = shared.neighbours
    this.target = new Goal(this.graph, goal, options, shared.leftOut.has('bound'))
    this.#sides = new Sides(shared, options, goal)
    this.holdings = new Holdings(this.#sides)
    this.footprint = this.#sides.footprint
    this.#forks = new Forks(this.graph, (change) =>
      isAsBefore(
        this.#sides.of(change.is === 'unbound' ? change.arn : accountOfArn(change.arn)).shared.world,
        change,
      ),
    )
    this.#common = {
      graph: this.graph,
      sides: this.#sides,
      holdings: this.holdings,
      target: this.target,
      blocked: this.#blocked,
      found: new FoundUses(this.graph, this.#forks, options),
      wanted: new Wanted(this.#sides),
      leftOut: shared.leftOut,
      options,
      goal,
      count: (entries) => {
        this.entries += entries
      },
    }
    const state = this.#forks.first()
    this.#first = new Exploration(this.#common, this.#forks, state)
    this.#explorations.set(state, this.#first)
  }

  /** Searches from a principal until nothing more is found. */
  walk(from: Principal): void {
    const form = from.type === 'user' ? 'key' : 'assumed'
    this.graph.add({ fact: heldName(from, form), step: undefined, before: [] })
    this.target.isUndecidedAtBest =
      this.#common.options.ends?.isUndecidedAtBest === true ||
      this.#sides.of(from.account).shared.isUnknown(from)
    this.#first.start(from, form)
    this.#work()
  }

  /** The same, where all others of the account but some are held as well, and make calls of others' steps only. */
  walkTogether(from: Principal, without: ReadonlySet<string>): void {
    this.walk(from)
    for (const actor of this.#first.offer(from, without)) {
      this.graph.add({ fact: heldAs(actor), step: undefined, before: [] })
      this.#sides.budget.step()
    }
    this.#work()
  }

  /** As `walk`, from an outsider. */
  walkFrom(outsider: Outsider): void {
    for (const { actor, own } of entrancesOf(outsider, this.#sides, [...this.#neighbours.all])) {
      if (!this.graph.has(heldAs(actor))) this.graph.add({ fact: heldAs(actor), step: undefined, before: [] })
      this.#first.use(actor, own)
      this.#sides.budget.step()
    }
    this.#work()
  }

  #work(): void {
    do for (let next = this.#next(); next !== undefined; next = this.#next()) next.run()
    while (this.#reconsider())
  }

  /** Has looked at again what was set aside. Returns whether there is something. */
  #reconsider(): boolean {
    const all = [...this.#explorations.values()]
    for (const each of all) each.aside.reconsider()
    return all.some((each) => each.isOpen)
  }

  /** The next state in which there is something to do: states before it come first. */
  #next(): Exploration | undefined {
    for (const [state, exploration] of this.#explorations) {
      if (exploration.isOutdated) return this.#explore(state)
      if (exploration.isOpen) return exploration
    }
    const fresh = [...this.#explorations.keys()].flatMap((state) =>
      [...this.#forks.from(state)].filter((fork) => this.#isWorth(fork)),
    )
    // Of changes in any order that which concerns least comes last: the state before it was looked at.
    const next =
      fresh.find((fork) => !this.#forks.isPair(fork)) ??
      fresh.find(({ change }) => change.is === 'tag') ??
      fresh[0]
    if (next === undefined) return undefined
    if (this.#explorations.size >= most.states) this.#end()
    if (this.#forks.isPair(next) && ++this.#pairs > most.pairs) return undefined
    return this.#explore(next.child)
  }

  /** Whether a state may give something that no state before it gives. */
  #isWorth({ child }: Fork): boolean {
    const { entry } = child
    if (entry === undefined || this.#explorations.has(child)) return false
    if (this.target.isBeaten([entry]) || this.#first.isBeyond([entry])) return false
    return !this.#isSearched(child)
  }

  /** Ends the search as one that keeps too much. */
  #end(): void {
    this.entries = Number.POSITIVE_INFINITY
    this.#sides.budget.step()
  }

  #explore(state: State): Exploration {
    const before = state.before && this.#explorations.get(state.before)
    const exploration = new Exploration(this.#common, this.#forks, state, before)
    this.#explorations.set(state, exploration)
    return exploration
  }

  /** Whether a state that is alike was searched in which no less is held. */
  #isSearched(state: State): boolean {
    for (const other of this.#explorations.keys()) {
      if (other.taken !== state.taken) continue
      const isIn = (each: State): boolean =>
        other.isFrom(each) || [...each.own].every((fact) => other.factOf(fact) !== undefined)
      if (state.chain.every(isIn)) return true
    }
    return false
  }

  /** Asks for steps that are stopped and would lead to the goal, as far as that was left for the end. */
  stopped(to: Principal | undefined, count: number): void {
    this.#blocked.asked(count, ({ step, fact }) => this.leadsTo(step, fact, to))
  }

  /** Steps that are stopped, for people, as far as they were asked for. */
  get blocked(): Blocked['all'] {
    return this.#blocked.all
  }

  /** Everything that is held in any state, with the facts that it is. */
  *held(): Iterable<readonly [fact: string, principal: Principal]> {
    for (const state of this.#explorations.keys())
      for (const name of state.own) {
        const held = this.holdings.get(name)
        if (held !== undefined) yield [state.nameOf(name), held.principal]
      }
  }

  /** Whether a step that is stopped would lead to the goal: to the principal, or to an administrator. */
  readonly leadsTo = (step: Step, fact: string, to: Principal | undefined): boolean =>
    to === undefined ? this.#sides.leadsToAdministrator(step, fact) : step.to === to.arn
}
