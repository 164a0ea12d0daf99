import type { ConditionEntry } from '../document/policy.ts'
import { isSpent, spend } from '../match/meter.ts'
import { fill, parseTemplate } from '../match/template.ts'
import type { Context, ContextValue } from '../request/context.ts'
import { parseBool } from './bool.ts'
import { allHold, type Operand, someHold } from './joined.ts'
import { type ParsedOperator, parseOperator, type SetOperator } from './operators.ts'
import { fitsNeither, not, type Truth, truthNo, truthOf, truthUnknown, truthYes } from './truth.ts'

/** A compiled condition. It holds, does not hold, or cannot be evaluated. */
export interface CompiledCondition {
  readonly entry: ConditionEntry
  /** In lower case. */
  readonly key: string
  readonly test: (context: Context) => Truth
  /** The policy's values as written, and whether the request fills some in. */
  readonly wanted: readonly string[]
  readonly variables: boolean
  /** If present, the condition holds for one of these texts alone, and is otherwise false. */
  readonly only: readonly string[] | undefined
  /** Why the condition cannot be evaluated for any request, such as an unknown operator. */
  readonly problem: string | undefined
}

type Test = Pick<CompiledCondition, 'test' | 'problem'>

/** Maximum characters of one value of a request. The longest that AWS accepts are in tokens of 20,000 characters. */
export const maxValueLength = 32_768

/** Why a statement could not be evaluated if the budget of the evaluation was spent (behaviour POL-181). */
export const tooMuchWork = 'the policies need more steps for this request than the evaluation may take'

export function compileCondition(entry: ConditionEntry, variables: boolean): CompiledCondition {
  const key = entry.key.toLowerCase()
  const wanted = entry.values.map(({ value }) => value)
  const hasVariables = variables && wanted.some((value) => value.includes('${'))
  const name = parseOperator(entry.operator)
  const only = !hasVariables && isEquality(name) ? wanted : undefined
  const { test, problem } = compileTest(entry, key, variables, name)
  return {
    entry,
    key,
    wanted,
    variables: hasVariables,
    only,
    problem,
    test: (context) => (context.hasUnknown ? openTest(test, context) : test(context)),
  }
}

/** A condition that asked for an unknown key, as its own or as a variable, cannot be evaluated. */
function openTest(test: CompiledCondition['test'], context: Context): Truth {
  context.tookUnknown()
  const truth = test(context)
  return context.tookUnknown() ? truthUnknown : truth
}

function isEquality({ set, ifExists, operator }: ParsedOperator): boolean {
  return set === undefined && !ifExists && operator?.form === 'text' && !operator.negated
}

function compileTest(entry: ConditionEntry, key: string, variables: boolean, name: ParsedOperator): Test {
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
  const ifAbsent = truthOf(wanted.includes(true))
  const ifPresent = truthOf(wanted.includes(false))
  return {
    test: (context) => {
      const seen = context.lookup(key)
      return seen === undefined || isEmptySet(seen) ? ifAbsent : ifPresent
    },
    problem: undefined,
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
  const holds = (seen: string, context: Context): Truth => {
    if (seen.length > maxValueLength) return truthUnknown
    spend(1 + (seen.length >> 3))
    const fit = fits(seen, context)
    if (fit === fitsNeither) return truthNo
    // A negated operator holds if none of its values matches: NOR.
    return negated ? not(fit) : fit
  }
  const many = manyTests[name.set ?? 'none'](holds)
  const ofSets = name.set !== undefined
  return (context) => {
    const seen = context.lookup(key)
    if (seen === undefined || (ofSets && isEmptySet(seen))) return ifAbsent
    return typeof seen === 'string' ? holds(seen, context) : many(seen, context)
  }
}

/** A list of nothing but empty texts counts as absent, an empty text alone does not (behaviours POL-170 and POL-201). */
function isEmptySet(seen: ContextValue): boolean {
  return typeof seen !== 'string' && seen.every((value) => value === '')
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

/**
 * How a key with a list of values is compared by an operator (behaviour POL-093). Without a set operator no condition on it
 * holds, not even a negated one, or one of a single value (behaviour POL-200).
 */
const manyTests: Readonly<
  Record<SetOperator | 'none', (holds: (seen: string, context: Context) => Truth) => ManyTest>
> = {
  ForAllValues: allHold,
  ForAnyValue: someHold,
  none: () => never,
}

/** Why a condition could not be evaluated for this request. */
export function problemOf(condition: CompiledCondition, seen: ContextValue | undefined): string {
  if (condition.problem !== undefined) return condition.problem
  const { operator, key } = condition.entry
  const { operator: row } = parseOperator(operator)
  if (isSpent()) return tooMuchWork
  if (seen === undefined || isEmptySet(seen)) {
    return `${operator} ${key}: the request has no value, and AWS does not say what the two together mean then`
  }
  const longest = Math.max(...(typeof seen === 'string' ? [seen] : seen).map(({ length }) => length))
  if (longest > maxValueLength) {
    return `${operator} ${key}: the request's value has more than ${maxValueLength} characters`
  }
  if (row?.takesVariables)
    return `${operator} ${key}: a value with its variables filled in is not ${row.wants}`
  return `${operator} ${key}: the request's ${JSON.stringify(seen)} is not ${row?.wants}`
}

/** Why a condition could not be evaluated in this context, where a key may be unknown. */
export function problemIn(condition: CompiledCondition, context: Context): string {
  const unknown = unknownKeyOf(condition, context)
  if (unknown === undefined) return problemOf(condition, context.lookup(condition.key))
  return `${condition.entry.operator} ${condition.entry.key}: the value of ${unknown} is not known`
}

/** The unknown key for which a condition asks, as the policy writes it where it is the condition's own. */
export function unknownKeyOf(condition: CompiledCondition, context: Context): string | undefined {
  if (!context.hasUnknown || condition.test(context) !== truthUnknown) return undefined
  if (context.missed.has(condition.key)) return condition.entry.key
  if (!condition.variables) return undefined
  const inValues = condition.wanted.join(' ').toLowerCase()
  return [...context.missed].find((key) => inValues.includes(`\${${key}`))
}

/** The policy's values with variables filled in, for people. A variable without a value stays as written. */
export function wantedValues({ wanted, variables }: CompiledCondition, context: Context): readonly string[] {
  if (!variables) return wanted
  return wanted.map(
    (value) => fill(parseTemplate(value, { wildcards: false, variables: true }), context) ?? value,
  )
}
