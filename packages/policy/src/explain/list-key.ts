import { parseOperator } from '../condition/operators.ts'
import type { ConditionTrace } from '../evaluate/story.ts'

/**
 * Whether a condition failed because its key holds a list and its operator has neither ForAllValues nor ForAnyValue: no
 * value would satisfy it (behaviour POL-200).
 */
export function needsSetOperator({
  matched,
  operator,
  seen,
}: Pick<ConditionTrace, 'matched' | 'operator' | 'seen'>): boolean {
  const { base, set } = parseOperator(operator)
  return !matched && set === undefined && base !== 'Null' && typeof seen === 'object'
}
