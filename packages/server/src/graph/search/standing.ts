import type { Technique } from '../../authorization/catalogue/index.ts'
import { type Actor, callersOf } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Changer, Deferred } from '../use/search-parts.ts'
import type { Principal } from '../world/world.ts'
import { doingOf } from './doing.ts'
import type { Holdings } from './holdings.ts'
import type { Acting } from './inherited.ts'
import type { Sides } from './sides.ts'
import type { State } from './state.ts'

/** Everything that is held in any state, and the accounts. */
interface HeldIn {
  readonly holdings: Holdings
  readonly sides: Sides
}

/** The actors of a state: the facts that they rest on, and whether they are as they are now. */
export class Standing {
  readonly #state: State
  readonly #common: HeldIn

  constructor(state: State, common: HeldIn) {
    this.#state = state
    this.#common = common
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

  /** An entry about an actor, if it can act in this state. */
  actingNow<Each extends Acting>(each: Each): Each | undefined {
    return this.isValid(each.actor) ? each : undefined
  }

  /** A use that is not proven, by the actor as it is in this state; undefined if it cannot do the same in it. */
  useNow(each: Deferred): Deferred | undefined {
    const actor = this.#now(each.actor, each.own.technique)
    return actor && { ...each, actor }
  }

  /** A changer as it is in this state, with the techniques by which it can do the same in it. */
  changerNow(each: Changer): Changer | undefined {
    if (this.isValid(each.actor)) return each
    const techniques = each.techniques.filter((technique) => this.#now(each.actor, technique))
    const actor = techniques[0] && this.#now(each.actor, techniques[0])
    return actor && { actor, techniques, barred: [] }
  }

  /**
   * An actor as it can use a technique in this state: itself, or with what has changed if it does the same by it. Undefined if it
   * may do something else now.
   */
  #now(actor: Actor, technique: Technique): Actor | undefined {
    if (this.isValid(actor)) return actor
    const { holdings, sides } = this.#common
    const held = actor.helpers === undefined ? holdings.get(heldAs(actor)) : undefined
    if (held === undefined) return undefined
    const now: Actor = { variant: holdings.variantIn(this.#state, held), form: held.form }
    const { shared } = sides.ofActor(actor)
    return doingOf(shared, now, technique) === doingOf(shared, actor, technique) ? now : undefined
  }

  /** Whether a change of a principal may make a difference for what an actor does to it: a tag does where policies compare tags. */
  mayCount({ is }: Change, target: Principal | undefined, actor: Actor, technique: Technique): boolean {
    if (is !== 'tag' || target === undefined) return true
    return this.#common.sides.ofActor(actor).shared.readsTagsOf(target, actor, technique)
  }

  /** Whether an actor has no changes but those of this state, and all of them that count. */
  #fits(actor: Actor, counts: (change: Change) => boolean): boolean {
    const { holdings } = this.#common
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
