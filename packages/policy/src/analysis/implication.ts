import { type ParsedOperator, parseOperator } from '../condition/operators.ts'
import { truthYes } from '../condition/truth.ts'
import { sameText, type Within } from '../condition/within.ts'
import type { ConditionEntry } from '../document/policy.ts'
import { emptyContext } from '../request/context.ts'

/** The conditions of a statement, and whether its document's version has variables. */
export interface Conditions {
  readonly entries: readonly ConditionEntry[]
  readonly variables: boolean
}

/**
 * When the inner conditions count: those of an Allow when they hold, those of a Deny also when they cannot be
 * evaluated.
 */
export type When = 'holds' | 'mayHold'

/**
 * Whether `outer` holds whenever `inner` does, for every request: each of its conditions follows from one of the
 * other's. A yes is certain. A no may be wrong if several conditions imply one together, or by the meaning of the
 * keys. Under `mayHold` the outer conditions are not false where the inner ones are not.
 */
export function implies(inner: Conditions, outer: Conditions, when: When): boolean {
  return outer.entries.every((wanted) =>
    inner.entries.some((given) => follows(given, wanted, inner, outer, when)),
  )
}

function follows(
  given: ConditionEntry,
  wanted: ConditionEntry,
  inner: Conditions,
  outer: Conditions,
  when: When,
): boolean {
  if (given.key.toLowerCase() !== wanted.key.toLowerCase()) return false
  const from = parseOperator(given.operator)
  const to = parseOperator(wanted.operator)
  if (to.base === 'Null') return isPresence(given, from, wanted, to, inner.variables, when)
  if (from.set !== to.set || (from.ifExists && !to.ifExists)) return false
  // Without wildcards and variables the version does not matter.
  const sameWords = inner.variables === outer.variables
  const within = withinOf(from, to)
  if (within === undefined) return false
  const test = (one: string, all: string): boolean => {
    if (!sameWords && (one.includes('${') || all.includes('${'))) return false
    return within(one, all, inner.variables)
  }
  return to.operator?.negated
    ? wanted.values.every(({ value: out }) => given.values.some(({ value }) => test(out, value)))
    : given.values.every(({ value }) => wanted.values.some(({ value: all }) => test(value, all)))
}

/**
 * Null checks presence. It follows from the same Null, or from a condition that holds only if the key is present. A
 * list of empty texts counts as absent (POL-170), so a plain operator implies presence only if none of its values
 * matches an empty text, and only when it holds. An unknown operator implies nothing.
 */
function isPresence(
  given: ConditionEntry,
  from: ParsedOperator,
  wanted: ConditionEntry,
  to: ParsedOperator,
  variables: boolean,
  when: When,
): boolean {
  const answers = new Set(wanted.values.map(({ value }) => value.toLowerCase()))
  if (from.base === 'Null') {
    if (to.set !== from.set || to.ifExists || from.ifExists) return false
    return given.values.every(({ value }) => answers.has(value.toLowerCase()))
  }
  const { operator } = from
  if (operator === undefined || operator.negated || from.ifExists) return false
  if (to.set !== undefined || to.ifExists || !answers.has('false')) return false
  if (from.set === 'ForAnyValue') return true
  if (from.set === 'ForAllValues' || when === 'mayHold') return false
  return given.values.every(
    ({ value }) =>
      !(variables && value.includes('${')) && operator.operand(value, false)?.('', emptyContext) !== truthYes,
  )
}

/** A name that AWS does not know cannot be evaluated: it implies the same name with the same values. */
function withinOf(from: ParsedOperator, to: ParsedOperator): Within | undefined {
  if (from.operator === undefined || to.operator === undefined)
    return from.base === to.base ? sameText : undefined
  return from.operator.implies[to.operator.name]
}
