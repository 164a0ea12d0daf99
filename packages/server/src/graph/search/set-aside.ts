import { type FactGraph, isAtMost, type Sum } from '../proof/fact-graph.ts'
import type { Actor } from '../request/actor.ts'
import type { Task } from '../use/search-parts.ts'
import type { Held } from './holdings.ts'

/** A held thing that counts as searched, if something like it is. */
interface Covered {
  readonly held: Held
  /** Whether it is held with changes. */
  readonly isChanged: boolean
  readonly facts: readonly string[]
  /** The facts with its changes. */
  readonly all?: readonly string[] | undefined
  /** Equal for what is alike. */
  readonly key: string
  /** Has it searched after all. */
  readonly again: Task
}

/** An actor that was not searched to its end, and what it rested on then. */
interface Cut {
  readonly facts: readonly string[]
  readonly before: Sum
  readonly again: Task
}

/**
 * The principals and actors that a search set aside: principals like others that are searched, and actors whose
 * results could not be better than those found. Both can change, once a better proof of what they rest on is found.
 */
export class SetAside {
  readonly #graph: FactGraph
  /** Whether nothing is set aside for being alike. */
  readonly #isLeftOut: boolean
  /** Facts of what is searched, by the names of what is alike. */
  readonly #searched = new Map<string, Pick<Covered, 'facts' | 'all'>[]>()
  readonly #alike: Covered[] = []
  readonly #cut = new Map<Actor, Cut>()
  readonly #aside = new Set<Held>()

  constructor(graph: FactGraph, isLeftOut = false) {
    this.#graph = graph
    this.#isLeftOut = isLeftOut
  }

  /**
   * Whether something alike is searched that is held as surely; with changes, also in as few steps. If not, this one counts
   * as searched.
   */
  isLikeSearched(one: Covered): boolean {
    if (this.#isLeftOut || !this.#isCovered(one)) return false
    this.#alike.push(one)
    if (!one.isChanged) this.#aside.add(one.held)
    return true
  }

  /** Whether what is held counts as searched, as it is, because something alike is. */
  isAside(held: Held): boolean {
    return this.#aside.has(held)
  }

  #isCovered({ facts, all, key, isChanged }: Covered): boolean {
    const searched = this.#searched.get(key)
    if (searched === undefined) {
      this.#searched.set(key, [{ facts, all }])
      return false
    }
    const sumOf = (each: readonly string[]): Sum => this.#graph.sumOf(each)
    const isLess = (one: Sum, other: Sum): boolean =>
      isAtMost(one, other) && (!isChanged || one.steps <= other.steps)
    const isAlike = (other: Pick<Covered, 'facts' | 'all'>): boolean =>
      isLess(sumOf(other.facts), sumOf(facts)) && isLess(sumOf(other.all ?? other.facts), sumOf(all ?? facts))
    if (searched.some(isAlike)) return true
    searched.push({ facts, all })
    return false
  }

  /** Notes that an actor was not searched to its end. */
  cut(actor: Actor, facts: readonly string[], again: Task): void {
    if (!this.#cut.has(actor)) this.#cut.set(actor, { facts, before: this.#graph.sumOf(facts), again })
  }

  /** Has searched after all what is held more surely now, and what rests on fewer conditions. */
  reconsider(): void {
    for (const each of this.#alike.splice(0)) {
      if (this.#isCovered(each)) {
        this.#alike.push(each)
        continue
      }
      if (!each.isChanged) this.#aside.delete(each.held)
      each.again()
    }
    for (const [actor, { facts, before, again }] of this.#cut) {
      if (isAtMost(before, this.#graph.sumOf(facts))) continue
      this.#cut.delete(actor)
      again()
    }
  }
}
