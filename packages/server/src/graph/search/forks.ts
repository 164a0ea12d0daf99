import type { FactGraph, Step } from '../proof/fact-graph.ts'
import type { Actor } from '../request/actor.ts'
import { type Change, changeName } from '../request/change.ts'
import type { OwnUse } from '../use/targets.ts'
import { valueIn } from '../world/lists.ts'
import { State } from './state.ts'

/** A way to make a change. */
export interface Way {
  readonly actor: Actor
  readonly own: OwnUse
  readonly step: Step
  readonly before: readonly string[]
}

/** A change that may take something away, and the state that it leads to. */
export interface Fork {
  readonly change: Change
  readonly child: State
  readonly ways: Way[]
}

/** Of one change, so many ways are taken over into a state that another change leads to. */
const mostTakenOver = 3

/** The ways out of the states of a search. */
export class Forks {
  readonly #graph: FactGraph
  readonly #isAsBefore: (change: Change) => boolean
  /** By the state, and by the name of the change. */
  readonly #all = new Map<State, Map<string, Fork>>()
  #count = 0

  constructor(graph: FactGraph, isAsBefore: (change: Change) => boolean) {
    this.#graph = graph
    this.#isAsBefore = isAsBefore
  }

  /** The accounts as they are. */
  first(): State {
    return new State(0, this.#isAsBefore)
  }

  /** The way out of a state by a change. */
  of(state: State, change: Change): Fork {
    const forks = this.#of(state)
    const name = changeName(change)
    return valueIn(forks, name, () => ({
      change,
      child: new State(++this.#count, this.#isAsBefore, state, change),
      ways: [],
    }))
  }

  /** The fact that a change was made that leads out of a state; undefined if no way to make it is known. */
  factOf(state: State, change: Change): string | undefined {
    return this.#all.get(state)?.get(changeName(change))?.child.entry
  }

  /** The ways out of a state. */
  from(state: State): Iterable<Fork> {
    return this.#of(state).values()
  }

  /** Whether a change was possible before the one that led to its state: the two can be made in any order. */
  isPair({ change, child: { before } }: Fork): boolean {
    const name = changeName(change)
    for (let state = before?.before; state !== undefined; state = state.before)
      if (this.#all.get(state)?.has(name) === true) return true
    return false
  }

  /** Takes over the changes that could be made in the states before one, and that no change since then concerns. */
  takeOver(state: State, isValid: (actor: Actor) => boolean): void {
    for (const before of state.chain.toReversed().slice(1)) this.#takeOverFrom(before, state, isValid)
  }

  #takeOverFrom(before: State, state: State, isValid: (actor: Actor) => boolean): void {
    const { entry } = state
    if (entry === undefined) return
    const own = this.#of(state)
    const isAlike = (arn = ''): boolean =>
      before.changesOf(arn).map(changeName).join() === state.changesOf(arn).map(changeName).join()
    for (const [name, fork] of this.#of(before)) {
      if (own.has(name) || state.isInEffect(fork.change)) continue
      const ways = fork.ways.filter(
        ({ actor, own: { use } }) => isAlike(use.binding.target?.arn) && isValid(actor),
      )
      for (const { step, before: facts, ...way } of ways.slice(0, mostTakenOver)) {
        const others = facts.filter((fact) => fact !== before.entry)
        this.add(state, fork.change, {
          ...way,
          before: [...others, entry],
          step: { ...step, depth: step.depth + 1 },
        })
      }
    }
  }

  /** Adds a way to make a change. */
  add(state: State, change: Change, way: Way): void {
    const { child, ways } = this.of(state, change)
    if (child.entry === undefined) return
    ways.push(way)
    this.#graph.add({ fact: child.entry, step: { ...way.step, result: child.entry }, before: way.before })
  }

  #of(state: State): Map<string, Fork> {
    return valueIn(this.#all, state, () => new Map())
  }
}
