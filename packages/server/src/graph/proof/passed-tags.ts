import type { Conditional, Proven, ResidualCondition } from '@omen-iam/policy'
import type { FactUsed } from './fact-option.ts'

/**
 * The conditions that are left, without those of iam:PassRole on the role's tags: AWS says that they have no reliable
 * results, so each is a fact that nobody knows. [POL-076]
 */
export function withoutPassedTags(
  answer: Proven | Conditional,
  facts: readonly FactUsed[],
): {
  readonly residual: readonly ResidualCondition[]
  readonly facts: readonly FactUsed[]
} {
  if (answer.verdict === 'proven') return { residual: [], facts }
  const residual: ResidualCondition[] = []
  const roles = new Set<string>()
  for (const condition of answer.residual) {
    const passed = condition.asked.find((place) => answer.requests[place]?.action === 'iam:PassRole')
    if (passed !== undefined && /^(?:aws|iam):ResourceTag\//i.test(condition.key))
      roles.add(answer.requests[passed]?.resource ?? '')
    else residual.push(condition)
  }
  const tags = [...roles].map(
    (role): FactUsed => ({ fact: 'passedTags', says: 'open', of: { role }, known: 'unknown' }),
  )
  return { residual, facts: [...facts, ...tags] }
}
