import type { Scalar, World } from '../case.ts'
import { type Answer, and, or, yesIf } from './answer.ts'
import { contextOf } from './context.ts'
import { comparisonOf, isTrue } from './operators.ts'
import { isUnclear } from './text.ts'

export function holds(
  written: string,
  key: string,
  values: readonly Scalar[],
  world: World,
  variables: boolean,
): Answer {
  const policy = values.map(String)
  const seen = contextOf(world, key)
  // POL-170: a list of nothing but empty texts is no list at all; POL-201: an empty text alone is a value.
  const isThere = seen !== undefined && !(seen.isList && seen.values.join('') === '')
  // POL-092, POL-203: every word but "true" means that the key must be there.
  if (written === 'Null') return yesIf(policy.some((word) => isTrue(word) === !isThere))
  if (written === 'ForAllValues:Null') return 'yes' // POL-177
  if (written === 'ForAnyValue:Null') return 'no'

  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(written) ?? []
  const operator = comparisonOf(name)
  if (operator === undefined) return 'unknown'
  // The three questions about a key that is not there.
  if (seen === undefined || (set !== undefined && !isThere)) {
    if (ifExists !== undefined) return set === 'ForAnyValue' ? 'unknown' : 'yes' // POL-092, POL-094, POL-183
    if (set !== undefined) return yesIf(set === 'ForAllValues') // POL-093
    return yesIf(operator.negated) // POL-092
  }
  // POL-200: what is a list fulfils nothing but set operators.
  if (set === undefined && seen.isList) return 'no'
  const judge = (value: string): Answer => {
    const matched = operator.matches(value, policy, {
      world,
      variables,
      isUnclear: (text) => variables && isUnclear(text),
    })
    if (matched === 'incomparable') return 'no' // POL-204, POL-208: neither the operator nor its negation
    if (!operator.negated || matched === 'unknown') return matched
    return yesIf(matched === 'no') // POL-091: negated values work as NOR
  }
  const judged = seen.values.map(judge)
  return set === 'ForAllValues' ? and(judged) : or(judged)
}
