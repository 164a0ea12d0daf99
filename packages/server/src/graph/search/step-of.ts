import type { Helper, Step } from '../proof/fact-graph.ts'
import type { Outline } from '../relevance/shared.ts'
import { outcomeName } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import type { OwnUse } from '../use/targets.ts'
import { choiceOf } from './choosing.ts'
import type { Side } from './sides.ts'

/** The step that a use is, as it was found. */
export function stepOf(side: Side, actor: Actor, own: OwnUse, finding: Outline): Step {
  const { technique, use, prove } = own
  const { variant, form, helpers } = actor
  const choice = choiceOf(side, actor, own)
  return {
    ...(helpers === undefined ? {} : { helpers: helpersOf(helpers) }),
    ...(choice === undefined ? {} : { choice }),
    technique: technique.id,
    from: variant.person.arn,
    form,
    carried: variant.carried,
    to: use.to,
    gives: technique.gives,
    result: outcomeName(use.outcome),
    verdict: finding.verdict,
    delay: finding.later ?? technique.delay,
    basis: technique.basis,
    proof: undefined,
    residual: finding.residual,
    exact: () => prove(),
  }
}

function helpersOf(helpers: NonNullable<Actor['helpers']>): readonly Helper[] {
  const actions = Map.groupBy(helpers.keys(), (action) => helpers.get(action))
  return [...actions].flatMap(([actor, all]) => {
    if (actor === undefined) return []
    const { person, carried } = actor.variant
    return { from: person.arn, form: actor.form, carried, actions: all }
  })
}
