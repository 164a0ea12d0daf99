import type { Scalar, World } from '../case.ts'
import { type Answer, and, not, or, yesIf } from './answer.ts'
import { contextOf, rawContext } from './context.ts'
import { comparisonOf, isBool } from './operators.ts'
import { isUnclear } from './text.ts'

export function holds(
  written: string,
  key: string,
  values: readonly Scalar[],
  world: World,
  variables: boolean,
): Answer {
  const policy = values.map(String)
  const context = contextOf(world, key)
  if (written === 'Null') {
    // POL-170: a list of empty texts is null, an empty text alone is a value
    const raw = rawContext(world, key)
    const absent = String(context === undefined || (Array.isArray(raw) && raw.join('') === ''))
    return or(policy.map((each) => (isBool(each) ? yesIf(each === absent) : 'unknown'))) // POL-092
  }

  if (written === 'ForAllValues:Null') return 'yes' // POL-177
  if (written === 'ForAnyValue:Null') return 'no'

  let operator = written
  let set: 'ForAllValues' | 'ForAnyValue' | undefined
  if (operator.startsWith('ForAllValues:')) set = 'ForAllValues'
  if (operator.startsWith('ForAnyValue:')) set = 'ForAnyValue'
  if (set !== undefined) operator = operator.slice(set.length + 1)
  const ifExists = operator.endsWith('IfExists')
  if (ifExists) operator = operator.slice(0, -'IfExists'.length)
  const known = comparisonOf(operator)
  if (known === undefined) return 'unknown'
  const { negated, comparison } = known
  const { test, takesVariables } = comparison

  // POL-170: an empty text is an empty set.
  if (context === undefined || (set !== undefined && context.join('') === '')) {
    if (ifExists && set === 'ForAnyValue') return 'unknown' // POL-183
    if (ifExists) return 'yes' // POL-092, POL-094
    if (set === 'ForAllValues') return 'yes' // POL-093
    if (set === 'ForAnyValue') return 'no'
    return yesIf(negated) // POL-092
  }
  const judge = (value: string): Answer => {
    const matched = or(
      policy.map((each) =>
        variables && isUnclear(each) && takesVariables ? 'unknown' : test(value, each, world, variables),
      ),
    )
    return negated ? not(matched) : matched // POL-091: negated values work as NOR
  }
  if (set === 'ForAllValues') return and(context.map(judge))
  if (set === 'ForAnyValue') return or(context.map(judge))
  // Several values without a set operator: AWS asks for one and does not say what happens without.
  return context.length === 1 ? judge(context[0] ?? '') : 'unknown'
}
