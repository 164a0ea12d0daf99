import type { Actor } from '../request/actor.ts'
import { callersOf } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Holdings } from './holdings.ts'
import type { State } from './state.ts'

/** The actors of a state: the facts that they rest on, and whether they are as they are now. */
export class Standing {
  readonly #state: State
  readonly #holdings: Holdings

  constructor(state: State, holdings: Holdings) {
    this.#state = state
    this.#holdings = holdings
  }

  /** The facts that an actor rests on with some changes that were added: all that it does with them comes after these. */
  before(actor: Actor, changes: readonly Change[], more: readonly string[] = []): readonly string[] {
    const state = this.#state
    const held = callersOf(actor).map((each) => heldAs(each))
    const facts = [...held, ...changes.map(changeName), ...more].map(
      (fact) => state.factOf(fact) ?? state.nameOf(fact),
    )
    return [...new Set(state.entry === undefined ? facts : [...facts, state.entry])]
  }

  /** Whether an actor can act in this state: it may lack changes that only add something. */
  isValid(actor: Actor): boolean {
    return this.#fits(actor, (change) => this.#state.isTaking(change))
  }

  /** Whether an actor is as it is now in this state: what it does need not be looked for again. */
  isLatest(actor: Actor): boolean {
    return this.#fits(actor, () => true)
  }

  /** Whether an actor has no changes but those of this state, and all of them that count. */
  #fits(actor: Actor, counts: (change: Change) => boolean): boolean {
    const holdings = this.#holdings
    return callersOf(actor).every(({ variant, form }) => {
      if (variant.outside !== undefined) return true
      const held = holdings.get(heldAs({ variant, form }))
      if (held === undefined) return true
      const now = holdings.variantIn(this.#state, held)
      if (now.policies === variant.policies && now.changes === variant.changes) return true
      const names = new Set(variant.changes)
      return (
        variant.changes.every((name) => now.changes.includes(name)) &&
        now.applied.every((change) => names.has(changeName(change)) || !counts(change))
      )
    })
  }
}
