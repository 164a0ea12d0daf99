import type { ConditionEntry } from '../document/policy.ts'
import { isSpent, spend } from '../match/meter.ts'
import { fill, parseTemplate } from '../match/template.ts'
import type { Context, ContextValue } from '../request/context.ts'
import { parseBool } from './bool.ts'
import { allHold, type Operand, someHold } from './joined.ts'
import { type ParsedOperator, parseOperator, type SetOperator } from './operators.ts'
import { not, type Truth, truthNo, truthOf, truthUnknown, truthYes } from './truth.ts'

/** A compiled condition. It holds, does not hold, or cannot be evaluated. */
export interface CompiledCondition {
  readonly entry: ConditionEntry
  /** In lower case. */
  readonly key: string
  readonly test: (context: Context) => Truth
  /** The policy's values as written, and whether the request fills some in. */
  readonly wanted: readonly string[]
  readonly variables: boolean
  /** Why the condition cannot be evaluated for any request, such as an unknown operator. */
  readonly problem: string | undefined
}

type Test = Pick<CompiledCondition, 'test' | 'problem'>

/** Maximum characters of one value of a request. The longest that AWS accepts are in tokens of 20,000 characters. */
const maxValueLength = 32_768

/** Why a statement could not be evaluated if the budget of the evaluation was spent (behaviour POL-181). */
export const tooMuchWork = 'the policies need more steps for this request than the evaluation may take'

export function compileCondition(entry: ConditionEntry, variables: boolean): CompiledCondition {
  const key = entry.key.toLowerCase()
  const wanted = entry.values.map(({ value }) => value)
  const common = { entry, key, wanted, variables: variables && wanted.some((value) => value.includes('${')) }
  return { ...common, ...compileTest(entry, key, variables) }
}

function compileTest(entry: ConditionEntry, key: string, variables: boolean): Test {
  const name = parseOperator(entry.operator)
  if (name.base === 'Null' && !name.ifExists) return compileNull(entry, key, name.set)
  const { operator } = name
  if (operator === undefined) return { test: unknown, problem: `${entry.operator} is no known operator` }
  const values = entry.values.map(({ value }) => value)
  // A single value is by far the most frequent.
  const single = values.length === 1 ? operator.operand(values[0]!, variables) : undefined
  const bad =
    single === undefined
      ? values.find((value) => operator.operand(value, variables) === undefined)
      : undefined
  const problem =
    bad === undefined ? undefined : `${entry.operator} ${entry.key}: "${bad}" is not ${operator.wants}`
  const fits = single ?? (values.length === 0 ? never : operator.joined(values, variables))
  return { test: testOf(key, name, operator.negated, fits), problem }
}

function unknown(): Truth {
  return truthUnknown
}

function always(): Truth {
  return truthYes
}

function never(): Truth {
  return truthNo
}

/**
 * `"true"` requires that the key is absent (behaviour POL-092) or has a list of only empty texts (behaviour POL-170). With a set operator
 * the answer is constant (behaviour POL-177).
 */
function compileNull(entry: ConditionEntry, key: string, set: SetOperator | undefined): Test {
  if (set !== undefined) return { test: set === 'ForAllValues' ? always : never, problem: undefined }
  const wanted = entry.values.map(({ value }) => parseBool(value))
  const bad = wanted.indexOf(undefined)
  const answer = (absent: boolean): Truth =>
    wanted.includes(absent) ? truthYes : bad === -1 ? truthNo : truthUnknown
  const ifAbsent = answer(true)
  const ifPresent = answer(false)
  return {
    test: (context) => {
      const seen = context.lookup(key)
      return seen === undefined || (typeof seen !== 'string' && isEmptySet(seen)) ? ifAbsent : ifPresent
    },
    problem: bad === -1 ? undefined : `Null ${entry.key}: "${entry.values[bad]?.value}" is not true or false`,
  }
}

function testOf(
  key: string,
  name: ParsedOperator,
  negated: boolean,
  fits: Operand,
): (context: Context) => Truth {
  const ifAbsent = whenAbsent(name, negated)
  // One closure for the usual condition: a request may try thousands.
  const holds: Operand = (seen, context) => {
    if (seen.length > maxValueLength) return truthUnknown
    spend(1 + (seen.length >> 3))
    // A negated operator holds if none of its values matches: NOR.
    return negated ? not(fits(seen, context)) : fits(seen, context)
  }
  const many = manyTests[name.set ?? 'none'](holds)
  const ofSets = name.set !== undefined
  return (context) => {
    const seen = context.lookup(key)
    if (seen === undefined || (ofSets && isEmptySet(seen))) return ifAbsent
    return typeof seen === 'string' ? holds(seen, context) : many(seen, context)
  }
}

/** For a set operator an empty text is no value: the key counts as absent (behaviour POL-170). */
function isEmptySet(seen: ContextValue): boolean {
  return typeof seen === 'string' ? seen === '' : seen.every((value) => value === '')
}

/**
 * The truth for an absent key. (behaviours POL-092 and POL-093) ForAnyValue with IfExists cannot be evaluated: for AWS the first
 * does not hold and the second does (behaviour POL-183).
 */
function whenAbsent(name: ParsedOperator, negated: boolean): Truth {
  if (name.ifExists && name.set === 'ForAnyValue') return truthUnknown
  if (name.ifExists || name.set === 'ForAllValues') return truthYes
  if (name.set === 'ForAnyValue') return truthNo
  return truthOf(negated)
}

type ManyTest = (seen: readonly string[], context: Context) => Truth

/** How a key with several values is compared by an operator (behaviour POL-093). */
const manyTests: Readonly<Record<SetOperator | 'none', (holds: Operand) => ManyTest>> = {
  ForAllValues: allHold,
  ForAnyValue: someHold,
  // AWS requires a set operator here and does not document what happens without one.
  none: (holds) => (seen, context) => (seen.length === 1 ? holds(seen[0]!, context) : truthUnknown),
}

/** Why a condition could not be evaluated for this request. */
export function problemOf(condition: CompiledCondition, seen: ContextValue | undefined): string {
  if (condition.problem !== undefined) return condition.problem
  const { operator, key } = condition.entry
  const { set, ifExists, operator: row } = parseOperator(operator)
  if (isSpent()) return tooMuchWork
  if (seen === undefined || (ifExists && set === 'ForAnyValue' && isEmptySet(seen))) {
    return `${operator} ${key}: the request has no value, and AWS does not say what the two together mean then`
  }
  const longest = Math.max(...(typeof seen === 'string' ? [seen] : seen).map(({ length }) => length))
  if (longest > maxValueLength) {
    return `${operator} ${key}: the request's value has more than ${maxValueLength} characters`
  }
  if (set === undefined && typeof seen === 'object' && seen.length > 1) {
    return `${operator} ${key}: the request has several values, which needs ForAllValues or ForAnyValue`
  }
  return `${operator} ${key}: the request's ${JSON.stringify(seen)} is not ${row?.wants}`
}

/** The policy's values with variables filled in, for people. A variable without a value stays as written. */
export function wantedValues({ wanted, variables }: CompiledCondition, context: Context): readonly string[] {
  if (!variables) return wanted
  return wanted.map(
    (value) => fill(parseTemplate(value, { wildcards: false, variables: true }), context) ?? value,
  )
}
