import type { Step } from '../proof/fact-graph.ts'
import type { Outline } from '../relevance/shared.ts'
import { outcomeName } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import type { OwnUse } from '../use/targets.ts'

/** The step that a use is, as it was found. */
export function stepOf({ variant, form }: Actor, { technique, use, prove }: OwnUse, finding: Outline): Step {
  return {
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
