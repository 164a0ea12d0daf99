import { parseBool } from '../condition/bool.ts'
import { isNoArn } from '../condition/comparisons.ts'
import { type ParsedOperator, parseOperator } from '../condition/operators.ts'
import { sameText, type Within } from '../condition/within.ts'
import type { ConditionEntry } from '../document/policy.ts'

/** The conditions of a statement, and whether its document's version has variables. */
export interface Conditions {
  readonly entries: readonly ConditionEntry[]
  readonly variables: boolean
}

/**
 * Whether `outer` holds whenever `inner` does, for every request: each of its conditions follows from one of the
 * other's. A yes is certain. A no may be wrong if several conditions imply one together, or by the meaning of the
 * keys. And the outer conditions are not false where the inner ones cannot be evaluated, as a Deny needs it.
 */
export function implies(inner: Conditions, outer: Conditions): boolean {
  return outer.entries.every((wanted) => inner.entries.some((given) => follows(given, wanted, inner, outer)))
}

function follows(
  given: ConditionEntry,
  wanted: ConditionEntry,
  inner: Conditions,
  outer: Conditions,
): boolean {
  if (given.key.toLowerCase() !== wanted.key.toLowerCase()) return false
  const from = parseOperator(given.operator)
  const to = parseOperator(wanted.operator)
  if (to.base === 'Null') return isPresence(given, from, wanted, to)
  if (from.set !== to.set || (from.ifExists && !to.ifExists)) return false
  // Without wildcards and variables the version does not matter.
  const sameWords = inner.variables === outer.variables
  const within = withinOf(from, to)
  if (within === undefined) return false
  if (to.operator?.type === 'Arn' && [...given.values, ...wanted.values].some(mayBeNoArn))
    return sameWords && isSameList(given, wanted)
  const test = (one: string, all: string): boolean => {
    if (!sameWords && (one.includes('${') || all.includes('${'))) return false
    return within(one, all, inner.variables)
  }
  return to.operator?.negated
    ? wanted.values.every(({ value: out }) => given.values.some(({ value }) => test(out, value)))
    : given.values.every(({ value }) => wanted.values.some(({ value: all }) => test(value, all)))
}

/** Of values that are no ARN the order counts (behaviour POL-209). */
function mayBeNoArn({ value }: { readonly value: string }): boolean {
  return isNoArn(value, true)
}

function isSameList(given: ConditionEntry, wanted: ConditionEntry): boolean {
  return (
    given.values.length === wanted.values.length &&
    given.values.every(({ value }, index) => value === wanted.values[index]?.value)
  )
}

/**
 * Null checks presence. It follows from the same Null, or from a condition that holds only if the key is present. An
 * unknown operator implies nothing.
 */
function isPresence(
  given: ConditionEntry,
  from: ParsedOperator,
  wanted: ConditionEntry,
  to: ParsedOperator,
): boolean {
  const answers = new Set(wanted.values.map(({ value }) => parseBool(value)))
  if (from.base === 'Null') {
    if (to.set !== from.set || to.ifExists || from.ifExists) return false
    return given.values.every(({ value }) => answers.has(parseBool(value)))
  }
  const { operator } = from
  if (operator === undefined || operator.negated || from.ifExists) return false
  if (to.set !== undefined || to.ifExists || !answers.has(false)) return false
  // An absent key, and a list without a set operator, fulfil no such condition, nor leave it open.
  return from.set !== 'ForAllValues'
}

/** A name that AWS does not know cannot be evaluated: it implies the same name with the same values. */
function withinOf(from: ParsedOperator, to: ParsedOperator): Within | undefined {
  if (from.operator === undefined || to.operator === undefined)
    return from.base === to.base ? sameText : undefined
  return from.operator.implies[to.operator.name]
}
