import { parseDate } from '../condition/date.ts'
import { parseAddress } from '../condition/ip.ts'
import { compareNumbers, parseNumber } from '../condition/number.ts'
import { OPERATORS, parseBool } from '../condition/operators.ts'
import { splitArn } from '../match/arn.ts'

/** What a condition key holds. */
export type ValueType = 'String' | 'Bool' | 'Numeric' | 'Date' | 'IpAddress' | 'Arn' | 'Binary'

/** A value for keys of which the policies only ask that they are there. */
const PLAIN: Readonly<Record<ValueType, string>> = {
  String: 'example',
  Bool: 'true',
  Numeric: '1',
  Date: '2026-01-01T00:00:00.000Z',
  IpAddress: '203.0.113.77',
  Arn: 'arn:aws:s3:::example',
  Binary: 'ZXhhbXBsZQ==',
}

/** Another value of a type than `PLAIN`. */
const OTHER: Readonly<Record<ValueType, string>> = {
  String: 'other',
  Bool: 'false',
  Numeric: '2',
  Date: '2026-01-02T00:00:00.000Z',
  IpAddress: '198.51.100.77',
  Arn: 'arn:aws:s3:::other',
  Binary: 'b3RoZXI=',
}

export function plainValue(type: ValueType): string {
  return PLAIN[type]
}

/** A value of a type that is none of `values`. */
export function otherValue(type: ValueType, values: readonly string[]): string {
  return values.includes(PLAIN[type]) ? OTHER[type] : PLAIN[type]
}

/** The type that an operator compares. */
export function typeOfOperator(base: string): ValueType {
  if (base.startsWith('Numeric')) return 'Numeric'
  if (base.startsWith('Date')) return 'Date'
  if (base.endsWith('IpAddress')) return 'IpAddress'
  if (base.startsWith('Arn')) return 'Arn'
  if (base.startsWith('Binary')) return 'Binary'
  return base === 'Bool' ? 'Bool' : 'String'
}

/** Whether a request could have a value under a key of a type. */
export function isPossible(type: ValueType, value: string): boolean {
  switch (type) {
    case 'Bool':
      return parseBool(value) !== undefined
    case 'Numeric':
      return parseNumber(value) !== undefined
    case 'Date':
      return parseDate(value) !== undefined
    case 'IpAddress':
      return parseAddress(value) !== undefined
    case 'Arn':
      return isPossibleArn(value)
    case 'Binary':
      return OPERATORS.get('BinaryEquals')?.operand(value, false) !== undefined
    case 'String':
      return true
  }
}

/** Whether a value has the form of an ARN that AWS gives. */
export function isPossibleArn(value: string): boolean {
  const arn = splitArn(value)
  return (
    arn !== undefined &&
    /^aws(?:-[a-z]+)*$/.test(arn.partition) &&
    /^[a-z0-9-]+$/.test(arn.service) &&
    /^[a-z0-9-]*$/.test(arn.region) &&
    /^(?:\d{12}|aws)?$/.test(arn.account) &&
    arn.resource !== ''
  )
}

/** A number that is so much more, or less, than one of a policy. */
export function numberBeside(value: string, step: number): string {
  const number = parseNumber(value)
  if (number === undefined) return String(step)
  const beside = String(number.double + step)
  const moved = parseNumber(beside)
  // A double of many digits does not move by one: twice the number, or none of it, does.
  const isMoved = moved !== undefined && Math.sign(compareNumbers(moved, number)) === Math.sign(step)
  return step === 0
    ? value
    : isMoved
      ? beside
      : String(step > 0 ? Math.abs(number.double) * 2 : -Math.abs(number.double) * 2)
}

/** A moment as a request writes it, in the years that ISO 8601 has four digits for. */
export function instant(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, EARLIEST), LATEST)).toISOString()
}

const EARLIEST = Date.UTC(1970, 0)
const LATEST = Date.UTC(9999, 0)
