import type { FactGraph, Step } from '../proof/fact-graph.ts'
import { administrator } from '../proof/goal.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import { heldAs } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import { isByDenies } from '../use/search-parts.ts'
import type { Order } from './order.ts'
import type { Sides } from './sides.ts'

/** Which of the principals that are held are administrators, or may make the call that is asked about. */
export class Administrators {
  readonly #sides: Sides
  readonly #graph: FactGraph
  /** Only administrators of this account are the goal. */
  readonly #account: string | undefined
  readonly #found = new Map<string, 'yes' | 'conditional' | 'unknown' | 'no'>()
  /** The sets of changes with which what is held is an administrator. */
  readonly #sets = new Map<string, (readonly string[])[]>()

  /** The sets of changes with which only Denies leave a condition. */
  readonly #limited = new Map<string, (readonly string[])[]>()

  readonly #order: Order
  readonly #ends: SearchOptions['ends']

  constructor(sides: Sides, graph: FactGraph, order: Order, { account, ends }: SearchOptions) {
    this.#sides = sides
    this.#graph = graph
    this.#order = order
    this.#account = account
    this.#ends = ends
  }

  /** Looks whether an actor is an administrator. */
  visit(actor: Actor): void {
    const name = actorName(actor)
    if (this.#found.has(name)) return
    const { person, changes } = actor.variant
    const held = heldAs(actor)
    const less = this.#sets.get(held)
    if (less?.some((each) => isPartOf(each, changes)) === true) {
      // The same with fewer changes.
      this.#found.set(name, 'yes')
      return
    }
    if (actor.variant.isWider && this.#limited.get(held)?.some((each) => isPartOf(each, changes)) === true) {
      // A Deny limits it with fewer changes, and the further ones only add policies.
      this.#found.set(name, 'conditional')
      return
    }
    const found = this.#ends?.of(actor) ?? this.#sides.of(person.account).shared.administrator(actor)
    const isPossible = (): boolean => this.#order.allows(actor, [held, ...changes], () => this.visit(actor))
    if (found.is !== 'no' && !isPossible()) return
    this.#found.set(name, found.is)
    if (found.is === 'no') return
    if (this.#account !== undefined && this.#account !== person.account) return
    if (found.is === 'yes') this.#sets.set(held, [...(less ?? []), changes])
    if (found.is === 'conditional' && isByDenies(found.residual))
      this.#limited.set(held, [...(this.#limited.get(held) ?? []), changes])
    const step: Step = {
      technique: administrator,
      from: person.arn,
      form: actor.form,
      carried: actor.variant.carried,
      to: person.arn,
      gives: administrator,
      result: administrator,
      verdict: found.is === 'yes' ? 'proven' : found.is === 'conditional' ? 'conditional' : 'undecided',
      delay: 'now',
      basis: 'documented',
      proof: found.proof,
      residual: found.is === 'conditional' ? found.residual : [],
    }
    this.#graph.add({ fact: administrator, step, before: [held, ...changes] })
  }

  /** Whether an actor was found to be one. */
  is(actor: Actor): boolean {
    return this.#found.get(actorName(actor)) === 'yes'
  }
}

function isPartOf(one: readonly string[], other: readonly string[]): boolean {
  return one.every((each) => other.includes(each))
}

/** The name of an actor: what is held, with its changes. */
export function actorName(actor: Actor): string {
  return `${heldAs(actor)}\n${actor.variant.changes.join('\n')}`
}
