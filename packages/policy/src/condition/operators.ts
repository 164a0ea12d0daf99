import {
  ADDRESS,
  ARN,
  BINARY,
  BOOL,
  type Comparison,
  DATE,
  NUMBER,
  PATTERN,
  STRING,
  STRING_IGNORING_CASE,
} from './comparisons.ts'
import { OPERATOR_NAMES, type OperatorName } from './operator-names.ts'
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
  sameBytes,
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
  /** The values of a negated operator are those that must not fit: they work as NOR. [POL-091] */
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
const ROWS: Readonly<Record<OperatorName, Row & { readonly negated?: true }>> = {
  StringEquals: {
    ...STRING,
    words: 'is',
    implies: { StringEquals: sameText, StringLike: literalWithin },
  },
  StringNotEquals: { ...STRING, negated: true, words: 'is not', implies: { StringNotEquals: sameText } },
  StringEqualsIgnoreCase: {
    ...STRING_IGNORING_CASE,
    words: 'is, in any case,',
    implies: { StringEqualsIgnoreCase: sameIgnoringCase },
  },
  StringNotEqualsIgnoreCase: {
    ...STRING_IGNORING_CASE,
    negated: true,
    words: 'is not, in any case,',
    implies: { StringNotEqualsIgnoreCase: sameIgnoringCase },
  },
  StringLike: { ...PATTERN, words: 'is like', implies: { StringLike: patternWithin } },
  StringNotLike: {
    ...PATTERN,
    negated: true,
    words: 'is not like',
    implies: { StringNotLike: patternWithin, StringNotEquals: literalWithin },
  },
  NumericEquals: { ...NUMBER.equal, words: 'is', implies: { NumericEquals: sameNumber } },
  NumericNotEquals: {
    ...NUMBER.equal,
    negated: true,
    words: 'is not',
    implies: { NumericNotEquals: sameNumber },
  },
  NumericLessThan: {
    ...NUMBER.less,
    words: 'is less than',
    implies: { NumericLessThan: atMost, NumericLessThanEquals: atMost },
  },
  NumericLessThanEquals: {
    ...NUMBER.lessOrEqual,
    words: 'is at most',
    implies: { NumericLessThanEquals: atMost },
  },
  NumericGreaterThan: {
    ...NUMBER.greater,
    words: 'is more than',
    implies: { NumericGreaterThan: atLeast, NumericGreaterThanEquals: atLeast },
  },
  NumericGreaterThanEquals: {
    ...NUMBER.greaterOrEqual,
    words: 'is at least',
    implies: { NumericGreaterThanEquals: atLeast },
  },
  DateEquals: { ...DATE.equal, words: 'is', implies: { DateEquals: sameDate } },
  DateNotEquals: { ...DATE.equal, negated: true, words: 'is not', implies: { DateNotEquals: sameDate } },
  DateLessThan: {
    ...DATE.less,
    words: 'is before',
    implies: { DateLessThan: notAfter, DateLessThanEquals: notAfter },
  },
  DateLessThanEquals: {
    ...DATE.lessOrEqual,
    words: 'is not after',
    implies: { DateLessThanEquals: notAfter },
  },
  DateGreaterThan: {
    ...DATE.greater,
    words: 'is after',
    implies: { DateGreaterThan: notBefore, DateGreaterThanEquals: notBefore },
  },
  DateGreaterThanEquals: {
    ...DATE.greaterOrEqual,
    words: 'is not before',
    implies: { DateGreaterThanEquals: notBefore },
  },
  Bool: { ...BOOL, words: 'is', implies: { Bool: sameBool } },
  BinaryEquals: { ...BINARY, words: 'is the bytes', implies: { BinaryEquals: sameBytes } },
  IpAddress: { ...ADDRESS, words: 'is in', implies: { IpAddress: networkWithin } },
  NotIpAddress: { ...ADDRESS, negated: true, words: 'is not in', implies: { NotIpAddress: networkWithin } },
  ArnEquals: { ...ARN, words: 'is like', implies: { ArnEquals: arnWithin, ArnLike: arnWithin } },
  ArnLike: { ...ARN, words: 'is like', implies: { ArnEquals: arnWithin, ArnLike: arnWithin } },
  ArnNotEquals: {
    ...ARN,
    negated: true,
    words: 'is not like',
    implies: { ArnNotEquals: arnWithin, ArnNotLike: arnWithin },
  },
  ArnNotLike: {
    ...ARN,
    negated: true,
    words: 'is not like',
    implies: { ArnNotEquals: arnWithin, ArnNotLike: arnWithin },
  },
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  OPERATOR_NAMES.map((name) => [name, { negated: false, ...ROWS[name], name }]),
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

const IF_EXISTS = 'IfExists'

/** Parses an operator. Names are case-sensitive. */
export function parseOperator(text: string): ParsedOperator {
  const colon = text.indexOf(':')
  const prefix = text.slice(0, Math.max(colon, 0))
  const set = prefix === 'ForAllValues' || prefix === 'ForAnyValue' ? prefix : undefined
  const name = set === undefined ? text : text.slice(colon + 1)
  const ifExists = name.endsWith(IF_EXISTS)
  const base = ifExists ? name.slice(0, -IF_EXISTS.length) : name
  return { set, base, ifExists, operator: OPERATORS.get(base) }
}

/** IfExists goes with every operator but Null. [POL-094] */
export function isKnownOperator(text: string): boolean {
  const { base, ifExists, operator } = parseOperator(text)
  return base === 'Null' ? !ifExists : operator !== undefined
}
