import type { FactGraph } from '../proof/fact-graph.ts'
import type { Tried } from '../prospect/saying.ts'
import { factsOf, heldAs } from '../request/binding.ts'
import { changeName, subjectsOf } from '../request/change.ts'
import type { Variant } from '../request/person.ts'
import { callersOf } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import type { Holdings } from './holdings.ts'
import type { SetAside } from './set-aside.ts'
import type { Sides } from './sides.ts'

/**
 * The order of changes and steps: who acts as it was before a change of it cannot need what came after that change. Ways that
 * do are kept, because another proof of what they need may come.
 */
export class Order {
  readonly #sides: Sides
  readonly #holdings: Holdings
  readonly #graph: FactGraph
  readonly #tried: Tried
  readonly #aside: SetAside
  #waiting: (() => void)[] = []
  #ways = 0

  constructor(sides: Sides, holdings: Holdings, graph: FactGraph, tried: Tried, aside: SetAside) {
    this.#sides = sides
    this.#holdings = holdings
    this.#graph = graph
    this.#tried = tried
    this.#aside = aside
  }

  /** Whether an actor can be as it is after all that a step of it needs; if not, the step is tried again later. */
  allows(actor: Actor, before: readonly string[], again?: () => void): boolean {
    const isPossible = callersOf(actor).every(({ variant }) => {
      const taken = this.#takenFrom(variant)
      return taken.size === 0 || this.#graph.holdWithout(before, taken)
    })
    if (isPossible) return true
    // another variant that says the same may be possible
    this.#tried.forget(heldAs(actor))
    this.#aside.retract(factsOf(actor))
    if (again !== undefined) this.#waiting.push(again)
    return false
  }

  /** Whether the best proof of a fact needs a change that may take something from anybody. */
  needsTaking(fact: string): boolean {
    return this.#graph.needs([fact], (each) => this.#holdings.isTaking(each))
  }

  /** Tries again what was not possible, if there are more proofs than before. */
  reconsider(): void {
    if (this.#waiting.length === 0 || this.#graph.additions === this.#ways) return
    this.#ways = this.#graph.additions
    for (const again of this.#waiting.splice(0)) again()
  }

  /** The changes that may take something from a principal, and that it is not asked with. */
  #takenFrom(variant: Variant): ReadonlySet<string> {
    const { takingCount } = this.#holdings
    if (takingCount === 0) return nothing
    const known = this.#taken.get(variant)
    if (known?.count === takingCount) return known.from
    const from = this.#findTaken(variant)
    this.#taken.set(variant, { count: takingCount, from })
    return from
  }

  /** The changes that were found when there were so many. */
  readonly #taken = new WeakMap<Variant, { readonly count: number; readonly from: ReadonlySet<string> }>()

  #findTaken({ person, applied }: Variant): ReadonlySet<string> {
    const { groups } = this.#sides.of(person.account).shared.world
    const own = new Set([person.arn, ...person.attached])
    if (person.boundary !== undefined) own.add(person.boundary)
    const joined = applied.flatMap((change) => (change.is === 'joined' ? change.group : []))
    for (const name of [...(person.type === 'user' ? person.groups : []), ...joined]) {
      const group = groups.get(name)
      if (group === undefined) continue
      own.add(group.arn)
      for (const arn of group.attached) own.add(arn)
    }
    const takings = [...own].flatMap((arn) => this.#holdings.takingsOf(arn))
    if (takings.length === 0) return nothing
    const names = new Set(applied.map(changeName))
    const subjects = new Set(applied.flatMap(subjectsOf))
    const isOvertaken = (each: (typeof takings)[number]): boolean =>
      names.has(each.name) || each.subjects.every((subject) => subjects.has(subject))
    return new Set(takings.filter((each) => !isOvertaken(each)).map(({ name }) => name))
  }
}

const nothing: ReadonlySet<string> = new Set()
