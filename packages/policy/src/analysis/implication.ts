import { normalizeBase64 } from '../condition/binary.ts'
import { type OperatorName, parseOperator } from '../condition/condition.ts'
import { parseDate } from '../condition/date.ts'
import { contains, parseNetwork } from '../condition/ip.ts'
import { compareNumbers, parseNumber } from '../condition/number.ts'
import { OPERATORS } from '../condition/operators.ts'
import { YES } from '../condition/truth.ts'
import type { ConditionEntry } from '../document/policy.ts'
import { EMPTY } from '../evaluate/context.ts'
import { splitArnPattern } from '../match/arn.ts'
import { parseTemplate } from '../match/template.ts'
import { includes, tokensOf } from './inclusion.ts'

/** The conditions of a statement, and whether its document's version knows variables. */
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
 * other's. A yes is certain; a no may be a yes that hangs on several conditions together, or on what the keys mean.
 * Under `mayHold` the outer conditions are not false where the inner ones are not.
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
  // without wildcards and variables the version does not matter
  const sameWords = inner.variables === outer.variables
  const within = withinOf(from.base, to.base)
  if (within === undefined) return false
  const test = (one: string, all: string): boolean => {
    if (!sameWords && (one.includes('${') || all.includes('${'))) return false
    return within(one, all, inner.variables)
  }
  return isNegated(to.base)
    ? wanted.values.every(({ value: out }) => given.values.some(({ value }) => test(out, value)))
    : given.values.every(({ value }) => wanted.values.some(({ value: all }) => test(value, all)))
}

/**
 * Null asks for presence: the same question, or one that only a present key answers with yes. A list of empty texts
 * counts as absent (POL-170), so a plain operator implies presence only if none of its values fits an empty text, and
 * only where it holds: of a list it cannot say. An operator that nobody knows implies nothing.
 */
function isPresence(
  given: ConditionEntry,
  from: OperatorName,
  wanted: ConditionEntry,
  to: OperatorName,
  variables: boolean,
  when: When,
): boolean {
  const answers = new Set(wanted.values.map(({ value }) => value.toLowerCase()))
  if (from.base === 'Null') {
    if (to.set !== from.set || to.ifExists || from.ifExists) return false
    return given.values.length > 0 && given.values.every(({ value }) => answers.has(value.toLowerCase()))
  }
  const operator = OPERATORS.get(from.base)
  if (operator === undefined || operator.negated || from.ifExists) return false
  if (to.set !== undefined || to.ifExists || !answers.has('false')) return false
  if (from.set === 'ForAnyValue') return true
  if (from.set === 'ForAllValues' || when === 'mayHold') return false
  return given.values.every(
    ({ value }) =>
      !(variables && value.includes('${')) && operator.operand(value, false)?.('', EMPTY) !== YES,
  )
}

type Within = (one: string, all: string, variables: boolean) => boolean

const SAME: Within = (one, all) => one === all
const SAME_IGNORING_CASE: Within = (one, all) => one.toLowerCase() === all.toLowerCase()

/** What one value of an operator means within another: every request's value that fits `one` fits `all`. */
const WITHIN: Readonly<Record<string, Within>> = {
  StringEquals: SAME,
  StringLike: likeWithin,
  // lower case is not the same in every tongue: only what is the same without any change of length counts
  StringEqualsIgnoreCase: (one, all) =>
    one === all || (isAscii(one + all) && SAME_IGNORING_CASE(one, all, true)),
  NumericEquals: sameParsed(parseNumber, compareNumbers),
  NumericLessThan: ordered(parseNumber, (one, all) => compareNumbers(one, all) <= 0),
  NumericLessThanEquals: ordered(parseNumber, (one, all) => compareNumbers(one, all) <= 0),
  NumericGreaterThan: ordered(parseNumber, (one, all) => compareNumbers(one, all) >= 0),
  NumericGreaterThanEquals: ordered(parseNumber, (one, all) => compareNumbers(one, all) >= 0),
  DateEquals: sameParsed(parseDate, (one, all) => (one === all ? 0 : 1)),
  DateLessThan: ordered(parseDate, (one, all) => one <= all),
  DateLessThanEquals: ordered(parseDate, (one, all) => one <= all),
  DateGreaterThan: ordered(parseDate, (one, all) => one >= all),
  DateGreaterThanEquals: ordered(parseDate, (one, all) => one >= all),
  Bool: (one, all) => one === all || (!`${one}${all}`.includes('${') && SAME_IGNORING_CASE(one, all, true)),
  BinaryEquals: sameParsed(normalizeBase64, (one, all) => (one === all ? 0 : 1)),
  IpAddress: networkWithin,
  ArnLike: arnWithin,
  ArnEquals: arnWithin,
}

/** A negated operator compares its values as the plain one does. */
function withinOf(from: string, to: string): Within | undefined {
  // What no operator is called cannot be evaluated, here and there.
  if (!OPERATORS.has(from) || !OPERATORS.has(to)) return from === to ? SAME : undefined
  const plain = plainOf(to)
  const other = plainOf(from)
  if (isNegated(from) !== isNegated(to)) return undefined
  if (plain === other || (isArn(plain) && isArn(other))) return WITHIN[plain]
  if (!isNegated(to) && `${other}Equals` === plain) return WITHIN[other]
  // for negated operators the list that must be within the other is the outer one
  const [narrow, wide] = isNegated(to) ? [plain, other] : [other, plain]
  return narrow === 'StringEquals' && wide === 'StringLike' ? literalWithin : undefined
}

function isArn(base: string): boolean {
  return base === 'ArnLike' || base === 'ArnEquals'
}

/** `StringNotLike` is the opposite of `StringLike`; a name that is no negated operator stays as it is. */
export function plainOf(base: string): string {
  if (!isNegated(base)) return base
  return base === 'NotIpAddress' ? 'IpAddress' : base.replace('Not', '')
}

export function isNegated(base: string): boolean {
  return OPERATORS.get(base)?.negated === true
}

function likeWithin(one: string, all: string, variables: boolean): boolean {
  const options = { wildcards: true, variables }
  return one === all || includes(tokensOf(parseTemplate(all, options)), tokensOf(parseTemplate(one, options)))
}

function literalWithin(one: string, all: string, variables: boolean): boolean {
  return includes(
    tokensOf(parseTemplate(all, { wildcards: true, variables })),
    tokensOf(parseTemplate(one, { wildcards: false, variables })),
  )
}

/** Segment by segment, as ARNs are matched. With variables only the same text is: they may hold colons. */
function arnWithin(one: string, all: string, variables: boolean): boolean {
  if (one === all) return true
  if (`${one}${all}`.includes('${')) return false
  const options = { wildcards: true, variables }
  const inner = splitArnPattern(parseTemplate(one, options))
  const outer = splitArnPattern(parseTemplate(all, options))
  if (inner === undefined || outer === undefined) return false
  return outer.every((segment, index) => includes(tokensOf(segment), tokensOf(inner[index] ?? [])))
}

function networkWithin(one: string, all: string): boolean {
  if (one === all) return true
  const inner = parseNetwork(one)
  const outer = parseNetwork(all)
  if (inner === undefined || outer === undefined) return false
  return inner.bits >= outer.bits && contains(outer, inner.address)
}

type Parse<T> = (text: string) => T | undefined

function sameParsed<T>(parse: Parse<T>, compare: (one: T, all: T) => number): Within {
  return ordered(parse, (one, all) => compare(one, all) === 0)
}

function ordered<T>(parse: Parse<T>, fits: (one: T, all: T) => boolean): Within {
  return (one, all) => {
    if (one === all) return true
    const inner = parse(one)
    const outer = parse(all)
    return inner !== undefined && outer !== undefined && fits(inner, outer)
  }
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}
