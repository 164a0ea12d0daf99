import { isArn, matchArn, splitArnPattern } from '../match/arn.ts'
import { type Matcher, matcherOf } from '../match/glob.ts'
import { spend } from '../match/meter.ts'
import { fill, hasVariables, isMalformed, type Part, parseTemplate, settle } from '../match/template.ts'
import { isBase64 } from './binary.ts'
import { isBool, parseBool } from './bool.ts'
import { parseDate } from './date.ts'
import { contains, parseAddress, parseNetwork } from './ip.ts'
import { equality, inOrder, type Operand, ordering, tried } from './joined.ts'
import { lowerCase } from './lower-case.ts'
import { compareNumbers, parseNumber } from './number.ts'
import type { ValueType } from './operator-names.ts'
import {
  dateBeside,
  filledArn,
  filledText,
  networkAddress,
  numberBeside,
  otherBool,
  otherValue,
  withVariables,
} from './samples.ts'
import { fitsNeither, truthNo, truthOf, truthUnknown } from './truth.ts'

/** The kinds of values of an operator that compares texts: the set of texts that each value fits. */
export type TextForm = 'text' | 'anyCase' | 'pattern' | 'arn' | 'bool'

/** How an operator and its negation compare a request's value with the policy's values. */
export interface Comparison {
  readonly type: ValueType
  /** The form of a value, for messages. */
  readonly wants: string
  /** Whether a value of a policy, without variables, is written as a value of the operator's type. */
  readonly reads: (value: string) => boolean
  /** Compiles one value of the policy. Returns undefined if a condition that comes to it cannot be evaluated. */
  readonly operand: (value: string, variables: boolean) => Operand | undefined
  /** Compiles many values into one test that reads the request's value once. Its truth is that of trying each. */
  readonly joined: (values: readonly string[], variables: boolean) => Operand
  /** Whether policy variables are filled in (behaviour POL-087). */
  readonly takesVariables: boolean
  /** Whether `*` and `?` are wildcards. */
  readonly takesWildcards: boolean
  /** For an order: which of several values decides. What is less than one of them is less than the greatest. */
  readonly bound: 'greatest' | 'least' | undefined
  /**
   * How the search for a witness reads the values: exactly the texts that they fit. Undefined if the operator does not
   * compare texts: then it reads the values that witness/points.ts names, which are enough for an order and for ranges.
   */
  readonly form: TextForm | undefined
  /** A request's value that fits a value of the policy, for examples. */
  readonly fitting: (value: string) => string
  /** A request's value of the same type that does not fit a value of the policy, for examples. */
  readonly other: (value: string) => string
}

const text = {
  type: 'String',
  wants: 'a string',
  reads: () => true,
  takesVariables: true,
  bound: undefined,
} as const

export const ofString: Comparison = {
  ...text,
  operand: stringEquals,
  joined: equality(plainText, (seen) => seen, stringEquals),
  takesWildcards: false,
  form: 'text',
  fitting: withVariables,
  other: (value) => otherValue('String', [value]),
}

export const stringIgnoringCase: Comparison = {
  ...text,
  operand: stringEqualsIgnoreCase,
  joined: equality(
    (value, variables) => {
      const plain = plainText(value, variables)
      return plain === undefined ? undefined : lowerCase(plain)
    },
    lowerCase,
    stringEqualsIgnoreCase,
  ),
  takesWildcards: false,
  form: 'anyCase',
  fitting: withVariables,
  other: (value) => otherValue('String', [value]),
}

export const pattern: Comparison = {
  ...text,
  operand: stringLike,
  joined: equality(plainPattern, (seen) => seen, stringLike),
  takesWildcards: true,
  form: 'pattern',
  fitting: filledText,
  other: (value) => otherValue('String', [value]),
}

export const ofBool: Comparison = {
  type: 'Bool',
  wants: 'true or false',
  reads: isBool,
  operand: bool,
  joined: tried(bool),
  takesVariables: true,
  takesWildcards: false,
  bound: undefined,
  form: 'bool',
  fitting: withVariables,
  other: otherBool,
}

export const binary: Comparison = {
  type: 'Binary',
  wants: 'base64',
  reads: isBase64,
  operand: binaryEquals,
  joined: equality(
    (value) => (isBase64(value) ? value : undefined),
    (seen) => seen,
    binaryEquals,
  ),
  takesVariables: false,
  takesWildcards: false,
  bound: undefined,
  form: undefined,
  fitting: withVariables,
  other: (value) => otherValue('Binary', [value]),
}

export const ofAddress: Comparison = {
  type: 'IpAddress',
  wants: 'an IP address',
  reads: (value) => parseNetwork(value) !== undefined,
  operand: ipAddress,
  joined: addresses,
  takesVariables: false,
  takesWildcards: false,
  bound: undefined,
  form: undefined,
  fitting: networkAddress,
  other: (value) => otherValue('IpAddress', [value]),
}

export const arn: Comparison = {
  type: 'Arn',
  wants: 'an ARN',
  reads: (value) => !isNoArn(value, false),
  operand: arnLike,
  joined: arns,
  takesVariables: true,
  takesWildcards: true,
  bound: undefined,
  form: 'arn',
  fitting: filledArn,
  other: (value) => otherValue('Arn', [value]),
}

export const ofNumber = orderings('Numeric', ordering('a number', parseNumber, compareNumbers), numberBeside)

export const date = orderings(
  'Date',
  ordering('a date', parseDate, (one, other) => (one < other ? -1 : one > other ? 1 : 0)),
  dateBeside,
)

type Tests = Pick<Comparison, 'wants' | 'reads' | 'operand' | 'joined'>

/**
 * The comparisons of a type whose values have an order. They take no variables (behaviour POL-087).
 * @param beside returns a value that is `step` more than a value of the policy, or less if `step` is negative
 */
function orderings(
  type: ValueType,
  tests: Readonly<Record<'equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual', Tests>>,
  beside: (value: string, step: number) => string,
) {
  const comparison = (
    test: Tests,
    bound: Comparison['bound'],
    fits: number,
    differs: number,
  ): Comparison => ({
    ...test,
    type,
    takesVariables: false,
    takesWildcards: false,
    bound,
    form: undefined,
    fitting: (value) => beside(value, fits),
    other: (value) => beside(value, differs),
  })
  return {
    equal: comparison(tests.equal, undefined, 0, 1),
    less: comparison(tests.less, 'greatest', -1, 1),
    lessOrEqual: comparison(tests.lessOrEqual, 'greatest', 0, 1),
    greater: comparison(tests.greater, 'least', 1, -1),
    greaterOrEqual: comparison(tests.greaterOrEqual, 'least', 0, -1),
  }
}

/** The text of a value without variables; undefined if it may have some. */
function plainText(value: string, variables: boolean): string | undefined {
  return variables && value.includes('${') ? undefined : value
}

/** The text of a pattern that matches only one text; undefined for any other. */
function plainPattern(value: string, variables: boolean): string | undefined {
  const parts = parseTemplate(value, { wildcards: true, variables })
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined
}

function stringEquals(value: string, variables: boolean): Operand | undefined {
  return fromParts(parseTemplate(value, { wildcards: false, variables }))
}

function stringLike(value: string, variables: boolean): Operand | undefined {
  return fromParts(parseTemplate(value, { wildcards: true, variables }))
}

function fromParts(parts: readonly Part[]): Operand | undefined {
  if (isMalformed(parts)) return undefined
  const matcher: Matcher = matcherOf(parts)
  return (seen, context) => truthOf(matcher(seen, context))
}

function stringEqualsIgnoreCase(value: string, variables: boolean): Operand | undefined {
  return withText(value, variables, (wanted) => {
    const lowered = lowerCase(wanted)
    return (seen) => {
      spend(seen.length >> 3)
      return truthOf(lowerCase(seen) === lowered)
    }
  })
}

function bool(value: string, variables: boolean): Operand | undefined {
  return withText(value, variables, (wanted) => {
    const truth = parseBool(wanted)
    return (seen) => truthOf(parseBool(seen) === truth)
  })
}

/** A value that is no base64 equals nothing. */
function binaryEquals(value: string): Operand {
  return isBase64(value) ? (seen) => truthOf(seen === value) : () => truthNo
}

function ipAddress(value: string): Operand {
  return addresses([value])
}

/** A value that is no network holds no address (behaviour POL-205). */
function addresses(values: readonly string[]): Operand {
  const networks = values.map(parseNetwork).filter((network) => network !== undefined)
  return (seen) => {
    const address = parseAddress(seen)
    if (address === undefined) return fitsNeither
    spend(networks.length << 1)
    return truthOf(networks.some((network) => contains(network, address)))
  }
}

/**
 * The order of values counts only if one of them is no ARN, or may be none once its variables are filled in: a
 * condition that comes to it cannot be evaluated (behaviour POL-209).
 */
function arns(values: readonly string[], variables: boolean): Operand {
  const steps: Operand[] = []
  let sure: string[] = []
  const endRun = (): void => {
    if (sure.length > 0) steps.push(sureArns(sure, variables))
    sure = []
  }
  for (const value of values) {
    if (!isNoArn(value, variables)) sure.push(value)
    else {
      endRun()
      steps.push(arnLike(value, variables) ?? noArn)
    }
  }
  endRun()
  return steps.length === 1 ? steps[0]! : inOrder(steps)
}

const sureArns = equality(
  (value, variables) => (isArn(value) ? plainPattern(value, variables) : undefined),
  (seen) => (isArn(seen) ? seen : undefined),
  sureArn,
)

/** A pattern of an ARN without variables, held against what is known to be one. */
function sureArn(value: string, variables: boolean): Operand | undefined {
  const matchers = splitArnPattern(parseTemplate(value, { wildcards: true, variables }))?.map(matcherOf)
  return matchers && ((seen, context) => truthOf(matchArn(matchers, seen, context)))
}

/** A value that no ARN is held against. A request's value that is no ARN is not held against any. */
function noArn(seen: string): typeof truthUnknown | typeof fitsNeither {
  return isArn(seen) ? truthUnknown : fitsNeither
}

/** Whether a value is no pattern of an ARN, or may be none once its variables are filled in. */
export function isNoArn(value: string, variables: boolean): boolean {
  const parts = parseTemplate(value, { wildcards: true, variables })
  return hasVariables(parts) || splitArnPattern(parts) === undefined
}

function arnLike(value: string, variables: boolean): Operand | undefined {
  const parts = parseTemplate(value, { wildcards: true, variables })
  if (isMalformed(parts)) return undefined
  if (!hasVariables(parts)) return arnOperand(parts)
  // A variable may contain colons or a whole ARN, so the pattern is split after it is filled in.
  return (seen, context) => {
    if (!isArn(seen)) return fitsNeither
    spend(parts.length)
    const settled = settle(parts, context)
    return settled === undefined ? truthNo : (arnOperand(settled)?.(seen, context) ?? truthUnknown)
  }
}

function arnOperand(parts: readonly Part[]): Operand | undefined {
  const matchers = splitArnPattern(parts)?.map(matcherOf)
  if (matchers === undefined) return undefined
  return (seen, context) => (isArn(seen) ? truthOf(matchArn(matchers, seen, context)) : fitsNeither)
}

/**
 * Compiles a plain text now, and a text with variables after the request has filled it in. A variable without a value
 * matches nothing.
 */
function withText(
  value: string,
  variables: boolean,
  compile: (wanted: string) => Operand,
): Operand | undefined {
  const parts = parseTemplate(value, { wildcards: false, variables })
  if (isMalformed(parts)) return undefined
  if (!hasVariables(parts)) return compile(parts.join(''))
  return (seen, context) => {
    spend(parts.length)
    const wanted = fill(parts, context)
    if (wanted === undefined) return truthNo
    // it is filled in, lowered and searched for pairs
    spend((wanted.length >> 3) * 4)
    return compile(wanted)(seen, context)
  }
}
