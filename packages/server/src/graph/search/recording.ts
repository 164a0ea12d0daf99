import { perObject } from '../../base/index.ts'
import { type Helper, isAtMost, type Step } from '../proof/fact-graph.ts'
import type { Finding } from '../proof/finding.ts'
import type { Outline } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import { type Actor, callersOf } from '../request/actor.ts'
import { heldAs, type Outcome, outcomeName } from '../request/binding.ts'
import { type Change, changeName } from '../request/change.ts'
import { dependsOnNames } from '../request/new-name.ts'
import type { OwnUse } from '../use/targets.ts'
import { accountOfArn } from '../world/world.ts'
import type { Way } from './forks.ts'
import { isGrowing } from './growing.ts'
import type { Round } from './round.ts'

/** The consequences of a step. */
interface Making {
  hold(outcome: Extract<Outcome, { is: 'held' }>): void
  make(change: Change): void
  /** A way out of the state by a change that may take something away. */
  fork(change: Change, way: Way): void
}

/** The steps of a state: each use with what is found of it, recorded once. */
export class Recording {
  readonly #round: Round
  readonly #making: Making

  constructor(round: Round, making: Making) {
    this.#round = round
    this.#making = making
  }

  /** Records what is found of a use, with as few changes as it needs. Returns the surest finding. */
  record(actor: Actor, plain: OwnUse): Outline | undefined {
    const own = this.#asItIs(plain)
    const { technique, use, prove } = own
    const { outcome } = use
    const { state } = this.#round
    if (outcome.is === 'held' && callersOf(actor).some((each) => outcomeName(outcome) === heldAs(each)))
      return undefined
    if (
      outcome.is === 'change' &&
      state.isInEffect(outcome.change) &&
      !state.hasOwn(changeName(outcome.change))
    )
      return undefined
    const side = this.#round.common.sides.ofActor(actor)
    const nameOf = perObject((by: Actor) => signatureOf({ ...side, technique, actor: by }, use.binding))
    const ask = (by: Actor): Outline | undefined =>
      side.shared.found(nameOf(by), () => prove(undefined, by), dependsOnNames(technique))
    let best: Outline | undefined
    for (const { finding, changes, by } of this.#round.supports(actor, {
      ask,
      nameOf: (by) => (side.shared.leftOut.has('findings') ? undefined : nameOf(by)()),
      technique,
      binding: use.binding,
    })) {
      best = finding
      this.#add(actor, own, finding, changes, () => prove(undefined, by))
    }
    return best
  }

  /** Whether a use need not be asked for, because what comes of it is known. If that may change, it is noted. */
  isKnown(actor: Actor, own: OwnUse): boolean {
    const { state, common } = this.#round
    if (!common.found.isKnown(state, actor, own, this.#round.factsOf(actor))) return false
    if (!common.found.isSettled(state, own)) this.#round.cut(actor)
    return true
  }

  /** A use of its target as it is in this state. */
  #asItIs(own: OwnUse): OwnUse {
    const { use, prove, technique } = own
    const { target } = use.binding
    const now = target && this.#round.state.principalNow(target)
    if (now === target) return own
    return {
      technique,
      use: { ...use, binding: { ...use.binding, target: now } },
      prove: (_, by) => prove(now, by),
    }
  }

  /** Adds a step, and what comes of it. */
  #add(actor: Actor, own: OwnUse, finding: Outline, changes: readonly Change[], exact: () => Finding): void {
    const { graph, found, blocked, sides } = this.#round.common
    const { state } = this.#round
    const { outcome, before: others } = own.use
    const name = outcomeName(outcome)
    const before = this.#round.before(actor, changes, others)
    const isTaking =
      outcome.is === 'change' &&
      (state.isOver(outcome.change) ||
        !isGrowing(sides.of(accountOfArn(outcome.change.arn)).shared, outcome.change))
    const place = isTaking
      ? { result: name, depth: state.depth + 0.5 }
      : { result: state.nameOf(name), depth: state.depth }
    const step = stepOf(actor, own, finding, place, exact)
    if (finding.verdict === 'blocked') {
      const isGivenBack = state.before !== undefined && state.taken === ''
      const isOfHelper = actor.helpers?.has(finding.refused ?? '') !== false
      if (isOfHelper && !isGivenBack) blocked.add({ fact: name, before, step })
    }
    if (!found.isWanted(finding)) return
    const there = state.factOf(name)
    if (
      there !== undefined &&
      !state.hasOwn(name) &&
      isAtMost(graph.sumOf([there]), graph.sumBy({ step, before }))
    )
      return
    if (found.isRecorded(state.nameOf(name), own, before)) return
    this.#round.common.count(before.length - 1)
    if (isTaking) {
      this.#making.fork(outcome.change, { actor, own, step, before })
      return
    }
    graph.add({ fact: place.result, step, before })
    if (outcome.is === 'held') this.#making.hold(outcome)
    else this.#making.make(outcome.change)
  }
}

/** The step that a use is, as it was found: what comes of it, and its place among the states. */
function stepOf(
  actor: Actor,
  { technique, use }: OwnUse,
  finding: Outline,
  { result, depth }: Pick<Step, 'result' | 'depth'>,
  exact: () => Finding,
): Step {
  const { variant, form, helpers } = actor
  return {
    ...(helpers === undefined ? {} : { helpers: helpersOf(helpers) }),
    technique: technique.id,
    from: variant.principal.arn,
    form,
    carried: variant.carried,
    to: use.to,
    gives: technique.gives,
    result,
    depth,
    verdict: finding.verdict,
    delay: finding.later ?? technique.delay,
    basis: technique.basis,
    proof: undefined,
    residual: finding.residual,
    exact,
  }
}

function helpersOf(helpers: NonNullable<Actor['helpers']>): readonly Helper[] {
  const actions = Map.groupBy(helpers.keys(), (action) => helpers.get(action))
  return [...actions].flatMap(([actor, all]) => {
    if (actor === undefined) return []
    const { principal, carried } = actor.variant
    return { from: principal.arn, form: actor.form, carried, actions: all }
  })
}
