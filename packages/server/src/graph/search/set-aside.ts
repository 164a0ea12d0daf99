import { type FactGraph, isAtMost, type Sum } from '../proof/fact-graph.ts'
import type { Goal } from '../proof/goal.ts'
import { factsOf, heldName } from '../request/binding.ts'
import type { Variant } from '../request/person.ts'
import type { Actor } from '../request/trust-question.ts'
import type { Held } from './holdings.ts'

/** A held thing that counts as searched, because something like it is; with changes if there is a variant. */
interface Alike {
  readonly held: Held
  readonly variant?: Variant
}

interface Covered extends Alike {
  readonly facts: readonly string[]
  readonly key: string
}

/** More principals of one class than this are searched only if they are held more surely than all before. */
const mostOfClass = 4

/**
 * The principals and actors that a search set aside: principals like others that are searched, and actors whose
 * results could not be better than those found. Both can change, once a better proof of what they rest on is found.
 */
export class SetAside {
  readonly #graph: FactGraph
  /** Whether nothing is set aside for being alike. */
  readonly #isLeftOut: boolean
  /** Facts of what is searched, by the names of what is alike. */
  readonly #searched = new Map<string, (readonly string[])[]>()
  readonly #alike: Covered[] = []
  readonly #cut = new Map<Actor, Sum>()
  /** By the names of the facts. */
  readonly #skipped = new Map<
    string,
    { readonly held: Held; readonly facts: readonly string[]; readonly before: Sum }
  >()

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
    if (one.variant === undefined) this.#aside.add(one.held)
    return true
  }

  /** Undoes what rests on these facts as searched for others: it did not lead where it should have. */
  retract(facts: readonly string[]): void {
    const name = facts.join('\n')
    for (const [key, all] of this.#searched) {
      const kept = all.filter((each) => each.join('\n') !== name)
      if (kept.length < all.length) this.#searched.set(key, kept)
    }
  }

  /** Whether what is held counts as searched, as it is, because something alike is. */
  isAside(held: Held): boolean {
    return this.#aside.has(held)
  }

  readonly #aside = new Set<Held>()

  #isCovered({ facts, key, variant }: Covered): boolean {
    const searched = this.#searched.get(key)
    if (searched === undefined) {
      this.#searched.set(key, [facts])
      return false
    }
    const own = this.#graph.sumOf(facts)
    const others = searched.map((each) => this.#graph.sumOf(each))
    if (variant !== undefined) {
      if (others.some((other) => isAtMost(other, own) && other.steps <= own.steps)) return true
    } else {
      if (others.some((other) => isAtMost(other, own))) return true
      if (others.length >= mostOfClass && others.some(({ rank }) => rank <= own.rank)) return true
    }
    searched.push(facts)
    return false
  }

  /** Notes that an actor was not searched to its end. */
  cut(actor: Actor): void {
    if (!this.#cut.has(actor)) this.#cut.set(actor, this.#graph.sumOf(factsOf(actor)))
  }

  /** Returns what must be searched after all, because it is held more surely now. */
  surer(): readonly Alike[] {
    const found: Alike[] = []
    for (const each of this.#alike.splice(0)) {
      if (this.#isCovered(each)) {
        this.#alike.push(each)
        continue
      }
      if (each.variant === undefined) this.#aside.delete(each.held)
      found.push(each)
    }
    return found
  }

  /** Whether what is held may lead to a goal with some changes in fewer steps than what there is. If not, that is noted. */
  counting(held: Held, target: Goal): (changes: readonly string[]) => boolean {
    const { person, form, carried } = held
    return (changes) => {
      const facts = [heldName(person, form, carried), ...changes]
      if (!target.isWorse(facts)) return true
      const name = facts.join('\n')
      if (!this.#skipped.has(name)) this.#skipped.set(name, { held, facts, before: this.#graph.sumOf(facts) })
      return false
    }
  }

  /** Returns what is held and was not looked at with changes that need fewer steps or leave less now. */
  unskipped(): ReadonlySet<Held> {
    const found = new Set<Held>()
    for (const [name, { held, facts, before }] of this.#skipped) {
      const now = this.#graph.sumOf(facts)
      if (isAtMost(before, now) && before.steps <= now.steps) continue
      this.#skipped.delete(name)
      found.add(held)
    }
    return found
  }

  /** Returns actors that were not searched to their end, and rest on fewer conditions now. */
  better(): readonly Actor[] {
    const found = [...this.#cut]
      .filter(([actor, before]) => !isAtMost(before, this.#graph.sumOf(factsOf(actor))))
      .map(([actor]) => actor)
    for (const actor of found) this.#cut.delete(actor)
    return found
  }
}
