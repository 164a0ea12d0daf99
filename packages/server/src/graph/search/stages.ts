import type { Actor } from '../request/actor.ts'
import { type Change, changeName } from '../request/change.ts'
import { actorName } from './administrators.ts'

/** The stages in which the principals of a state are searched: without their changes, and with more and more of them. */
export class Stages {
  readonly #searched = new Set<string>()
  readonly #needed = new WeakMap<Actor, readonly Change[]>()

  /** Notes that an actor is searched. */
  add(actor: Actor): void {
    this.#searched.add(actorName(actor))
  }

  /** Notes that an actor is not searched after all. */
  remove(actor: Actor): void {
    this.#searched.delete(actorName(actor))
  }

  has(actor: Actor): boolean {
    return this.#searched.has(actorName(actor))
  }

  /** Whether the same principal is searched without some of its changes. */
  hasLess(actor: Actor, changes: readonly Change[]): boolean {
    const names = new Set(changes.map(changeName))
    const less = actor.variant.changes.filter((name) => !names.has(name))
    return this.#searched.has(actorName(actor, less))
  }

  /** Begins to search an actor, of whose changes some may be left out. */
  begin(actor: Actor, free: readonly Change[]): void {
    this.#needed.set(
      actor,
      free.filter((change) => this.hasLess(actor, [change])),
    )
  }

  /**
   * The changes that everything new which an actor does rests on: it is searched without each of them as well, so that what it does
   * without one of them is found already.
   */
  neededBy(actor: Actor): readonly Change[] {
    return this.#needed.get(actor) ?? nothing
  }
}

const nothing: readonly Change[] = []
