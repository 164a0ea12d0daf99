import { isAtMost, type Step } from '../proof/fact-graph.ts'
import { administrator } from '../proof/goal.ts'
import type { Administrator } from '../relevance/power-found.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import type { Round } from './round.ts'
import type { Found } from './supports.ts'

/** Whether an actor is an administrator, as a finding. */
interface Power extends Found {
  readonly proof: Step['proof']
}

/** Which of the principals that are held in a state are administrators, or may make the call that is asked about. */
export class Administrators {
  readonly #round: Round
  /** The facts with which actors are ones, by their names. */
  readonly #found = new Map<string, (readonly string[])[]>()

  constructor(round: Round) {
    this.#round = round
  }

  /** Looks whether an actor is an administrator. */
  visit(actor: Actor): void {
    const name = actorName(actor)
    if (this.#found.has(name)) return
    const found: (readonly string[])[] = []
    this.#found.set(name, found)
    const { principal, carried } = actor.variant
    const { account, ends } = this.#round.common.options
    if (account !== undefined && account !== principal.account) return
    const { shared } = this.#round.common.sides.of(principal.account)
    const ask = (by: Actor): Power | undefined => powerOf(ends?.of(by) ?? shared.administrator(by))
    const nameOf = (by: Actor): string | undefined => (ends === undefined ? shared.actorKey(by) : undefined)
    for (const { finding, changes } of this.#round.supports(actor, { ask, nameOf })) {
      const before = this.#round.before(actor, changes)
      if (finding.verdict === 'proven') found.push(before)
      const step: Step = {
        technique: administrator,
        from: principal.arn,
        form: actor.form,
        carried,
        to: principal.arn,
        gives: administrator,
        result: administrator,
        depth: this.#round.state.depth,
        verdict: finding.verdict,
        delay: 'now',
        basis: 'documented',
        proof: finding.proof,
        residual: finding.residual,
      }
      this.#round.common.graph.add({ fact: administrator, step, before })
    }
  }

  /** Whether an actor was found to be one, as surely as it is held. */
  is(actor: Actor): boolean {
    const { graph } = this.#round.common
    const own = graph.sumOf(this.#round.factsOf(actor))
    return (this.#found.get(actorName(actor)) ?? []).some((facts) => isAtMost(graph.sumOf(facts), own))
  }
}

function powerOf(found: Administrator): Power | undefined {
  if (found.is === 'no') return undefined
  return {
    verdict: found.is === 'yes' ? 'proven' : found.is === 'conditional' ? 'conditional' : 'undecided',
    residual: found.is === 'conditional' ? found.residual : [],
    proof: found.proof,
  }
}

/** The name of an actor: what is held, with its changes, or with fewer of them. */
export function actorName(actor: Actor, changes: readonly string[] = actor.variant.changes): string {
  return `${heldAs(actor)}\n${changes.join('\n')}`
}
