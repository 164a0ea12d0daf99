import type { Helper, Step } from '../proof/fact-graph.ts'
import type { Finding } from '../proof/finding.ts'
import type { Outline } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import type { OwnUse } from '../use/targets.ts'

/** The step that a use is, as it was found: what comes of it, and its place among the states. */
export function stepOf(
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
    from: variant.person.arn,
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
    const { person, carried } = actor.variant
    return { from: person.arn, form: actor.form, carried, actions: all }
  })
}
