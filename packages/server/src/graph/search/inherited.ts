import type { Actor } from '../request/actor.ts'
import { listIn } from '../world/lists.ts'

/**
 * Entries about the actors of a state, by names or under none. Those of the states before it count as well, for an actor that is in
 * this state as it was there: a change may take something from it, and another one give it back.
 */
export class Inherited<Each> {
  readonly #before: Inherited<Each> | undefined
  readonly #now: (each: Each) => Each | undefined
  readonly #own = new Map<string, Each[]>()

  /** `now`: an entry as it is in this state; undefined if its actor cannot do the same in it. */
  constructor(before: Inherited<Each> | undefined, now: (each: Each) => Each | undefined) {
    this.#before = before
    this.#now = now
  }

  add(each: Each, name = ''): void {
    listIn(this.#own, name).push(each)
  }

  /** All under a name; those of the states before first. */
  of(name = ''): readonly Each[] {
    return [...this.#all(name)].flatMap((each) => this.#now(each) ?? [])
  }

  /** The entries of this state alone. */
  ownOf(name = ''): readonly Each[] {
    return this.#own.get(name) ?? []
  }

  *#all(name: string): Generator<Each> {
    if (this.#before !== undefined) yield* this.#before.#all(name)
    yield* this.#own.get(name) ?? []
  }
}

/** The same about actors alone. */
export type Acting = { readonly actor: Actor }
