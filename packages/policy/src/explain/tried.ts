import type { ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import { day, networkAddress } from '../condition/samples.ts'
import type { ConditionTrace } from '../evaluate/story.ts'
import type { Context, ContextValue } from '../request/context.ts'

/** Maximum values of a policy to try. */
const maxValues = 8

/**
 * Values of a condition's key that may change its answer, the most natural first. Undefined removes the key. The
 * engine must confirm each.
 */
export function tried(
  { operator, wanted, seen, key }: ConditionTrace,
  context: Context,
): readonly (ContextValue | undefined)[] {
  const name = parseOperator(operator)
  const near = name.operator?.takesWildcards ? filled : nearValues[name.operator?.type ?? 'String']
  const values = wanted.slice(0, maxValues).flatMap((value) => near(value, key, context))
  const absent = seen === undefined ? [] : [undefined]
  if (name.base === 'Null') return [...absent, 'example']
  if (name.set === undefined) return [...values, ...absent]
  const kept = typeof seen === 'object' ? seen.filter((value) => wanted.includes(value)) : []
  return [...(kept.length > 0 ? [kept] : []), ...values.map((value) => [value]), ...absent]
}

type Near = (wanted: string, key: string, context: Context) => readonly string[]

const asWritten: Near = (wanted) => [wanted]

/** A text that fits a pattern, and the pattern itself, whose wildcards may have been characters. */
const filled: Near = (wanted) => [
  ...new Set([wanted.replaceAll('*', 'example').replaceAll('?', 'x'), wanted]),
]

/** Values near one of a policy, by what its operator compares. */
const nearValues: Readonly<Record<ValueType, Near>> = {
  String: asWritten,
  Arn: asWritten,
  Binary: asWritten,
  Bool: () => ['true', 'false'],
  IpAddress: (wanted) => [networkAddress(wanted)],
  Numeric: (wanted) => {
    const number = Number(wanted)
    return Number.isFinite(number) ? [wanted, String(Math.max(0, number - 1)), String(number + 1)] : []
  },
  Date: (wanted, key, context) => {
    const now = context.get('aws:CurrentTime')
    // Only a session that begins now has another time of issue; a caller can wait for other instants.
    if (key.toLowerCase() === 'aws:tokenissuetime') return typeof now === 'string' ? [now] : []
    const instant = Date.parse(wanted)
    // a day beyond the last instant of a Date has no text
    return [new Date(instant + day), new Date(instant - day)].flatMap((each) =>
      Number.isNaN(each.getTime()) ? [] : [each.toISOString()],
    )
  },
}
