import { isArn, matchArn, splitArnPattern } from '../match/arn.ts'
import { type Matcher, matcherOf } from '../match/glob.ts'
import { spend } from '../match/meter.ts'
import { fill, hasVariables, isMalformed, type Part, parseTemplate, settle } from '../match/template.ts'
import { normalizeBase64 } from './binary.ts'
import { parseDate } from './date.ts'
import { contains, parseAddress, parseNetwork } from './ip.ts'
import { equality, type Operand, ordering, tried } from './joined.ts'
import { compareNumbers, parseNumber } from './number.ts'
import { NO, truthOf, UNKNOWN, YES } from './truth.ts'

export type { Operand } from './joined.ts'

export interface Operator {
  /** The values of a negated operator are those that must not fit: they work as NOR. [POL-091] */
  readonly negated: boolean
  /** Compiles one value of the policy; undefined when it is no value of the operator's type. */
  readonly operand: (value: string, variables: boolean) => Operand | undefined
  /** Compiles many values into one test that reads the request's value once. Its truth is that of trying each. */
  readonly joined: (values: readonly string[], variables: boolean) => Operand
  /** What a value must be, for messages. */
  readonly wants: string
}

type Kind = Pick<Operator, 'operand' | 'joined' | 'wants'>

const STRING: Kind = {
  wants: 'a string',
  operand: stringEquals,
  joined: equality(plainText, (seen) => seen, stringEquals),
}
const STRING_IGNORING_CASE: Kind = {
  wants: 'a string',
  operand: stringEqualsIgnoreCase,
  joined: equality(
    (value, variables) => plainText(value, variables)?.toLowerCase(),
    (seen) => seen.toLowerCase(),
    stringEqualsIgnoreCase,
  ),
}
const PATTERN: Kind = {
  wants: 'a string',
  operand: stringLike,
  joined: equality(plainPattern, (seen) => seen, stringLike),
}
const BOOL: Kind = { wants: 'true or false', operand: bool, joined: tried(bool) }
const BINARY: Kind = {
  wants: 'base64',
  operand: binaryEquals,
  joined: equality(normalizeBase64, normalizeBase64, binaryEquals),
}
const ADDRESS: Kind = { wants: 'an IP address', operand: ipAddress, joined: addresses }
const ARN: Kind = {
  wants: 'an ARN',
  operand: arnLike,
  joined: equality(
    (value, variables) => (isArn(value) ? plainPattern(value, variables) : undefined),
    (seen) => (isArn(seen) ? seen : undefined),
    arnLike,
  ),
}

/** Numbers and dates take no variables. [POL-087] */
const NUMBER = ordering('a number', parseNumber, compareNumbers)
const DATE = ordering('a date', parseDate, (one, other) => (one < other ? -1 : one > other ? 1 : 0))

/** Every operator but Null, which asks for presence and not for a value. Set operators and IfExists are not here. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', STRING),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', STRING_IGNORING_CASE),
  ...pair('StringLike', 'StringNotLike', PATTERN),
  ...pair('NumericEquals', 'NumericNotEquals', NUMBER.equal),
  ...one('NumericLessThan', NUMBER.less),
  ...one('NumericLessThanEquals', NUMBER.lessOrEqual),
  ...one('NumericGreaterThan', NUMBER.greater),
  ...one('NumericGreaterThanEquals', NUMBER.greaterOrEqual),
  ...pair('DateEquals', 'DateNotEquals', DATE.equal),
  ...one('DateLessThan', DATE.less),
  ...one('DateLessThanEquals', DATE.lessOrEqual),
  ...one('DateGreaterThan', DATE.greater),
  ...one('DateGreaterThanEquals', DATE.greaterOrEqual),
  ...one('Bool', BOOL),
  ...one('BinaryEquals', BINARY),
  ...pair('IpAddress', 'NotIpAddress', ADDRESS),
  ...pair('ArnEquals', 'ArnNotEquals', ARN),
  ...pair('ArnLike', 'ArnNotLike', ARN),
])

function one(name: string, kind: Kind): [string, Operator][] {
  return [[name, { negated: false, ...kind }]]
}

function pair(name: string, opposite: string, kind: Kind): [string, Operator][] {
  return [...one(name, kind), [opposite, { negated: true, ...kind }]]
}

/** A value that is the same text in every request; undefined if a request fills it in. */
function plainText(value: string, variables: boolean): string | undefined {
  if (!variables || !value.includes('${')) return value
  const parts = parseTemplate(value, { wildcards: false, variables })
  return hasVariables(parts) ? undefined : parts.join('')
}

/** A pattern that only one text matches; undefined for any other. */
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
    const lowered = wanted.toLowerCase()
    return (seen) => truthOf(seen.toLowerCase() === lowered)
  })
}

function bool(value: string, variables: boolean): Operand | undefined {
  return withText(value, variables, (wanted) => {
    const truth = parseBool(wanted)
    if (truth === undefined) return undefined
    return (seen) => {
      const found = parseBool(seen)
      return found === undefined ? UNKNOWN : truthOf(found === truth)
    }
  })
}

export function parseBool(text: string): boolean | undefined {
  const lowered = text.toLowerCase()
  return lowered === 'true' ? true : lowered === 'false' ? false : undefined
}

function binaryEquals(value: string): Operand | undefined {
  const wanted = normalizeBase64(value)
  if (wanted === undefined) return undefined
  return (seen) => {
    const found = normalizeBase64(seen)
    return found === undefined ? UNKNOWN : truthOf(found === wanted)
  }
}

function ipAddress(value: string): Operand | undefined {
  return parseNetwork(value) === undefined ? undefined : addresses([value])
}

function addresses(values: readonly string[]): Operand {
  const networks = values.map(parseNetwork).filter((network) => network !== undefined)
  const otherwise = networks.length < values.length ? UNKNOWN : NO
  return (seen) => {
    const address = parseAddress(seen)
    if (address === undefined) return UNKNOWN
    spend(networks.length)
    return networks.some((network) => contains(network, address)) ? YES : otherwise
  }
}

function arnLike(value: string, variables: boolean): Operand | undefined {
  const parts = parseTemplate(value, { wildcards: true, variables })
  if (isMalformed(parts)) return undefined
  if (!hasVariables(parts)) return arnOperand(parts)
  // A variable may hold colons, or a whole ARN: the pattern is cut when it is filled in.
  return (seen, context) => {
    if (!isArn(seen)) return UNKNOWN
    spend(parts.length)
    const settled = settle(parts, context)
    return settled === undefined ? NO : (arnOperand(settled)?.(seen, context) ?? UNKNOWN)
  }
}

function arnOperand(parts: readonly Part[]): Operand | undefined {
  const matchers = splitArnPattern(parts)?.map(matcherOf)
  if (matchers === undefined) return undefined
  return (seen, context) => (isArn(seen) ? truthOf(matchArn(matchers, seen, context)) : UNKNOWN)
}

/** Compiles a plain text now, one with variables when the request has filled it in; no value fits nothing. */
function withText(
  value: string,
  variables: boolean,
  compile: (wanted: string) => Operand | undefined,
): Operand | undefined {
  const parts = parseTemplate(value, { wildcards: false, variables })
  if (isMalformed(parts)) return undefined
  if (!hasVariables(parts)) return compile(parts.join(''))
  return (seen, context) => {
    spend(parts.length)
    const wanted = fill(parts, context)
    if (wanted === undefined) return NO
    const operand = compile(wanted)
    return operand === undefined ? UNKNOWN : operand(seen, context)
  }
}
