import type { Context } from '../evaluate/context.ts'
import { isArn, matchArn, splitArnPattern } from '../match/arn.ts'
import { type Matcher, matcherOf } from '../match/glob.ts'
import { fill, hasVariables, type Part, parseTemplate, settle } from '../match/template.ts'
import { normalizeBase64 } from './binary.ts'
import { parseDate } from './date.ts'
import { contains, parseAddress, parseNetwork } from './ip.ts'
import { parseNumber } from './number.ts'
import { NO, type Truth, truthOf, UNKNOWN } from './truth.ts'

/** One value of a condition, compiled: does the request's value fit it? */
export type Operand = (seen: string, context: Context) => Truth

export interface Operator {
  /** The values of a negated operator are those that must not fit: they work as NOR. [POL-091] */
  readonly negated: boolean
  /** Compiles one value of the policy; undefined when it is no value of the operator's type. */
  readonly operand: (value: string, variables: boolean) => Operand | undefined
  /** What a value must be, for messages. */
  readonly wants: string
}

/** Every operator but Null, which asks for presence and not for a value. Set operators and IfExists are not here. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', 'a string', stringEquals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'a string', stringEqualsIgnoreCase),
  ...pair('StringLike', 'StringNotLike', 'a string', stringLike),
  ...pair(
    'NumericEquals',
    'NumericNotEquals',
    'a number',
    numeric((seen, wanted) => seen === wanted),
  ),
  ...one(
    'NumericLessThan',
    'a number',
    numeric((seen, wanted) => seen < wanted),
  ),
  ...one(
    'NumericLessThanEquals',
    'a number',
    numeric((seen, wanted) => seen <= wanted),
  ),
  ...one(
    'NumericGreaterThan',
    'a number',
    numeric((seen, wanted) => seen > wanted),
  ),
  ...one(
    'NumericGreaterThanEquals',
    'a number',
    numeric((seen, wanted) => seen >= wanted),
  ),
  ...pair(
    'DateEquals',
    'DateNotEquals',
    'a date',
    date((seen, wanted) => seen === wanted),
  ),
  ...one(
    'DateLessThan',
    'a date',
    date((seen, wanted) => seen < wanted),
  ),
  ...one(
    'DateLessThanEquals',
    'a date',
    date((seen, wanted) => seen <= wanted),
  ),
  ...one(
    'DateGreaterThan',
    'a date',
    date((seen, wanted) => seen > wanted),
  ),
  ...one(
    'DateGreaterThanEquals',
    'a date',
    date((seen, wanted) => seen >= wanted),
  ),
  ...one('Bool', 'true or false', bool),
  ...one('BinaryEquals', 'base64', binaryEquals),
  ...pair('IpAddress', 'NotIpAddress', 'an IP address', ipAddress),
  ...pair('ArnEquals', 'ArnNotEquals', 'an ARN', arnLike),
  ...pair('ArnLike', 'ArnNotLike', 'an ARN', arnLike),
])

type Compile = Operator['operand']

function one(name: string, wants: string, operand: Compile): [string, Operator][] {
  return [[name, { negated: false, wants, operand }]]
}

function pair(name: string, opposite: string, wants: string, operand: Compile): [string, Operator][] {
  return [...one(name, wants, operand), [opposite, { negated: true, wants, operand }]]
}

function stringEquals(value: string, variables: boolean): Operand {
  return fromMatcher(matcherOf(parseTemplate(value, { wildcards: false, variables })))
}

function stringLike(value: string, variables: boolean): Operand {
  return fromMatcher(matcherOf(parseTemplate(value, { wildcards: true, variables })))
}

function fromMatcher(matcher: Matcher): Operand {
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

function numeric(compare: (seen: number, wanted: number) => boolean): Compile {
  return ordered(parseNumber, compare)
}

function date(compare: (seen: number, wanted: number) => boolean): Compile {
  return ordered(parseDate, compare)
}

/** Numbers and dates take no variables. [POL-087] */
function ordered(
  parse: (text: string) => number | undefined,
  compare: (seen: number, wanted: number) => boolean,
): Compile {
  return (value) => {
    const wanted = parse(value)
    if (wanted === undefined) return undefined
    return (seen) => {
      const found = parse(seen)
      return found === undefined ? UNKNOWN : truthOf(compare(found, wanted))
    }
  }
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
  const network = parseNetwork(value)
  if (network === undefined) return undefined
  return (seen) => {
    const address = parseAddress(seen)
    return address === undefined ? UNKNOWN : truthOf(contains(network, address))
  }
}

function arnLike(value: string, variables: boolean): Operand | undefined {
  const parts = parseTemplate(value, { wildcards: true, variables })
  if (!hasVariables(parts)) return arnOperand(parts)
  // A variable may hold colons, or a whole ARN: the pattern is cut when it is filled in.
  return (seen, context) => {
    if (!isArn(seen)) return UNKNOWN
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
  if (!hasVariables(parts)) return compile(parts.join(''))
  return (seen, context) => {
    const wanted = fill(parts, context)
    if (wanted === undefined) return NO
    const operand = compile(wanted)
    return operand === undefined ? UNKNOWN : operand(seen, context)
  }
}
