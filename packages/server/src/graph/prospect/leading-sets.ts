import type { Shared } from '../relevance/shared.ts'
import { Among } from '../world/among.ts'
import { fitting, type Pause } from '../world/pieces.ts'
import { isIn, type Person } from '../world/world.ts'
import { kept } from './kept.ts'

/** Principals that may lead to a goal. */
export interface Leading {
  has(person: Person): boolean
}

/** A set that is kept. */
interface Numbered {
  readonly number: number
  readonly people: ReadonlySet<Person>
}

/** Sets of principals that may lead to goals, and what was found of several of them together. */
export class LeadingSets {
  #last = 0
  readonly #sets = new WeakMap<Leading, Numbered>()
  readonly #among = new Map<string, Among>()
  readonly #further = new Map<string, { readonly isSo: boolean }>()

  /** The same set, with a number of its own. */
  numbered(people: ReadonlySet<Person>): ReadonlySet<Person> {
    this.#sets.set(people, { number: ++this.#last, people })
    return people
  }

  #all(leading: readonly Leading[]): readonly Numbered[] | undefined {
    const sets = leading.flatMap((each) => this.#sets.get(each) ?? [])
    return sets.length === leading.length ? sets : undefined
  }

  /**
   * The principals of an account that are in the last of some sets, in none of the others, and are an end of the goal if
   * its ends are given. Undefined if one of the sets was not found here.
   */
  *among(
    leading: readonly Leading[],
    { index, world }: Shared,
    end?: { readonly goal: string | undefined; readonly all: () => Iterable<Person> },
  ): Generator<Pause, Among | undefined> {
    const sets = this.#all(leading)
    const last = sets?.at(-1)
    if (sets === undefined || last === undefined) return undefined
    const numbers = sets.map(({ number }) => number)
    return yield* kept(this.#among, `${world.account} ${numbers.join()} ${end?.goal ?? ''}`, function* () {
      const others = leading.slice(0, -1)
      const fits = (person: Person): person is Person =>
        person.account === world.account &&
        // Sets of an account as it was before may have principals that are gone.
        isIn(world, person) &&
        !others.some((each) => each.has(person)) &&
        last.people.has(person)
      const people: Person[] = []
      for (const person of fitting(end === undefined ? last.people : end.all(), fits))
        if (person === undefined) yield undefined
        else people.push(person)
      return new Among(index, people)
    })
  }

  /** Whether some of a set are in none of others; undefined if one of the sets was not found here. */
  *leadFurther(leading: readonly Leading[], more: Leading): Generator<Pause, boolean | undefined> {
    const sets = this.#all([more, ...leading])
    const people = sets?.[0]?.people
    if (sets === undefined || people === undefined) return undefined
    const isNew = (person: Person): person is Person => !leading.some((each) => each.has(person))
    const name = sets.map(({ number }) => number).join()
    const { isSo } = yield* kept(this.#further, name, function* () {
      for (const person of fitting(people, isNew))
        if (person === undefined) yield undefined
        else return { isSo: true }
      return { isSo: false }
    })
    return isSo
  }
}
