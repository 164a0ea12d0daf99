import {
  arn,
  binary,
  type Comparison,
  date,
  ofAddress,
  ofBool,
  ofNumber,
  ofString,
  pattern,
  stringIgnoringCase,
} from './comparisons.ts'
import { type OperatorName, operatorNames } from './operator-names.ts'
import {
  arnWithin,
  atLeast,
  atMost,
  literalWithin,
  networkWithin,
  notAfter,
  notBefore,
  patternWithin,
  sameBool,
  sameDate,
  sameIgnoringCase,
  sameNumber,
  sameText,
  type Within,
} from './within.ts'

export type { Operand } from './joined.ts'

/** One condition operator. All code that reads conditions reads these fields, never the name itself. */
export interface Operator extends Comparison {
  readonly name: OperatorName
  /** The values of a negated operator are those that must not fit: they work as NOR (behaviour POL-091). */
  readonly negated: boolean
  /** The words between a key and its values in a plain sentence. */
  readonly words: string
  /**
   * The operators that hold whenever this one does, if each of its values is within one of theirs. For a negated
   * operator each of theirs must be within one of its own.
   */
  readonly implies: Readonly<Partial<Record<OperatorName, Within>>>
}

type Row = Omit<Operator, 'name' | 'negated'>

/** One row for each operator. A name without a row does not compile. */
const rows: Readonly<Record<OperatorName, Row & { readonly negated?: true }>> = {
  StringEquals: {
    ...ofString,
    words: 'is',
    implies: { StringEquals: sameText, StringLike: literalWithin },
  },
  StringNotEquals: { ...ofString, negated: true, words: 'is not', implies: { StringNotEquals: sameText } },
  StringEqualsIgnoreCase: {
    ...stringIgnoringCase,
    words: 'is, in any case,',
    implies: { StringEqualsIgnoreCase: sameIgnoringCase },
  },
  StringNotEqualsIgnoreCase: {
    ...stringIgnoringCase,
    negated: true,
    words: 'is not, in any case,',
    implies: { StringNotEqualsIgnoreCase: sameIgnoringCase },
  },
  StringLike: { ...pattern, words: 'is like', implies: { StringLike: patternWithin } },
  StringNotLike: {
    ...pattern,
    negated: true,
    words: 'is not like',
    implies: { StringNotLike: patternWithin, StringNotEquals: literalWithin },
  },
  NumericEquals: { ...ofNumber.equal, words: 'is', implies: { NumericEquals: sameNumber } },
  NumericNotEquals: {
    ...ofNumber.equal,
    negated: true,
    words: 'is not',
    implies: { NumericNotEquals: sameNumber },
  },
  NumericLessThan: {
    ...ofNumber.less,
    words: 'is less than',
    implies: { NumericLessThan: atMost, NumericLessThanEquals: atMost },
  },
  NumericLessThanEquals: {
    ...ofNumber.lessOrEqual,
    words: 'is at most',
    implies: { NumericLessThanEquals: atMost },
  },
  NumericGreaterThan: {
    ...ofNumber.greater,
    words: 'is more than',
    implies: { NumericGreaterThan: atLeast, NumericGreaterThanEquals: atLeast },
  },
  NumericGreaterThanEquals: {
    ...ofNumber.greaterOrEqual,
    words: 'is at least',
    implies: { NumericGreaterThanEquals: atLeast },
  },
  DateEquals: { ...date.equal, words: 'is', implies: { DateEquals: sameDate } },
  DateNotEquals: { ...date.equal, negated: true, words: 'is not', implies: { DateNotEquals: sameDate } },
  DateLessThan: {
    ...date.less,
    words: 'is before',
    implies: { DateLessThan: notAfter, DateLessThanEquals: notAfter },
  },
  DateLessThanEquals: {
    ...date.lessOrEqual,
    words: 'is not after',
    implies: { DateLessThanEquals: notAfter },
  },
  DateGreaterThan: {
    ...date.greater,
    words: 'is after',
    implies: { DateGreaterThan: notBefore, DateGreaterThanEquals: notBefore },
  },
  DateGreaterThanEquals: {
    ...date.greaterOrEqual,
    words: 'is not before',
    implies: { DateGreaterThanEquals: notBefore },
  },
  Bool: { ...ofBool, words: 'is', implies: { Bool: sameBool } },
  BinaryEquals: { ...binary, words: 'is the bytes', implies: { BinaryEquals: sameText } },
  IpAddress: { ...ofAddress, words: 'is in', implies: { IpAddress: networkWithin } },
  NotIpAddress: { ...ofAddress, negated: true, words: 'is not in', implies: { NotIpAddress: networkWithin } },
  ArnEquals: { ...arn, words: 'is like', implies: { ArnEquals: arnWithin, ArnLike: arnWithin } },
  ArnLike: { ...arn, words: 'is like', implies: { ArnEquals: arnWithin, ArnLike: arnWithin } },
  ArnNotEquals: {
    ...arn,
    negated: true,
    words: 'is not like',
    implies: { ArnNotEquals: arnWithin, ArnNotLike: arnWithin },
  },
  ArnNotLike: {
    ...arn,
    negated: true,
    words: 'is not like',
    implies: { ArnNotEquals: arnWithin, ArnNotLike: arnWithin },
  },
}

const operators: ReadonlyMap<string, Operator> = new Map(
  operatorNames.map((name) => [name, { negated: false, ...rows[name], name }]),
)

export type SetOperator = 'ForAllValues' | 'ForAnyValue'

/** The parts of an operator as policies write it: `ForAnyValue:StringLikeIfExists`. */
export interface ParsedOperator {
  readonly set: SetOperator | undefined
  /** The name alone, as written. */
  readonly base: string
  readonly ifExists: boolean
  /** Absent for `Null`, and for a name that AWS does not know. Such a condition cannot be evaluated. */
  readonly operator: Operator | undefined
}

const ifExistsEnding = 'IfExists'

/** Parses an operator. Names are case-sensitive. */
export function parseOperator(text: string): ParsedOperator {
  const colon = text.indexOf(':')
  const prefix = text.slice(0, Math.max(colon, 0))
  const set = prefix === 'ForAllValues' || prefix === 'ForAnyValue' ? prefix : undefined
  const name = set === undefined ? text : text.slice(colon + 1)
  const ifExists = name.endsWith(ifExistsEnding)
  const base = ifExists ? name.slice(0, -ifExistsEnding.length) : name
  return { set, base, ifExists, operator: operators.get(base) }
}

/** IfExists goes with every operator but Null (behaviour POL-094). */
export function isKnownOperator(text: string): boolean {
  const { base, ifExists, operator } = parseOperator(text)
  return base === 'Null' ? !ifExists : operator !== undefined
}
