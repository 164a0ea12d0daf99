import { type FactGraph, isAtMost, type Sum } from '../proof/fact-graph.ts'
import { type Change, changeName } from '../request/change.ts'

/** A change that was found, and the names of what stays so of those that make it. */
interface Found {
  readonly name: string
  readonly stays: ReadonlySet<string>
}

/**
 * The changes that were found, each with what stays so of those that made it. Of two that differ only in that, the one
 * that leaves less behind is enough, if it needs no other conditions and no more steps.
 */
export class Lasting {
  readonly #facts: Pick<FactGraph, 'sumOf'>
  /** By the name of the change without what stays. */
  readonly #found = new Map<string, Found[]>()
  /** By name. */
  readonly #outdone = new Map<string, Change>()

  constructor(facts: Pick<FactGraph, 'sumOf'>) {
    this.#facts = facts
  }

  /** Notes a change that can be made. */
  add(change: Change): void {
    const plain = plainOf(change)
    const found = { name: changeName(change), stays: staysOf(change) }
    const list = this.#found.get(plain)
    if (list === undefined) this.#found.set(plain, [found])
    else list.push(found)
  }

  /** Whether a change is found with less that stays so, and costs no more than `sum`. */
  has(change: Change, sum: Sum): boolean {
    const stays = staysOf(change)
    return this.#like(change).some(
      (each) => each.stays.size < stays.size && isWithin(each.stays, stays) && this.#isAtMost(each, sum),
    )
  }

  /** Whether a change that was found is found with less that stays so, and costs no more. Notes it if so. */
  isOutdone(change: Change): boolean {
    const like = this.#like(change)
    if (like.length < 2) return false
    const name = changeName(change)
    const isOutdone = this.has(change, this.#facts.sumOf([name]))
    if (isOutdone) this.#outdone.set(name, change)
    return isOutdone
  }

  /** Returns changes that were outdone, and are not any more because they cost less now. */
  back(): readonly Change[] {
    const found = [...this.#outdone.values()].filter((change) => !this.isOutdone(change))
    for (const change of found) this.#outdone.delete(changeName(change))
    return found
  }

  #like(change: Change): readonly Found[] {
    return this.#found.get(plainOf(change)) ?? []
  }

  #isAtMost({ name }: Found, sum: Sum): boolean {
    const own = this.#facts.sumOf([name])
    return own.steps <= sum.steps && isAtMost(own, sum)
  }
}

function plainOf({ within: _, ...change }: Change): string {
  return changeName(change)
}

function staysOf({ within = [] }: Change): ReadonlySet<string> {
  return new Set(within.map(changeName))
}

function isWithin(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size <= other.size && [...one].every((each) => other.has(each))
}
