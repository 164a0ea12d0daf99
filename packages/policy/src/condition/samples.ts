import { parseBool } from './bool.ts'
import { parseDate } from './date.ts'
import { filledArns, filledTexts, withVariables } from './example-text.ts'
import { compareNumbers, parseNumber } from './number.ts'
import type { ValueType } from './operator-names.ts'

export { withVariables }

/** Milliseconds. */
export const day = 86_400_000

/** A value for a key whose presence is all that the policies ask for. */
const plain: Readonly<Record<ValueType, string>> = {
  String: 'example',
  Bool: 'true',
  Numeric: '1',
  Date: '2026-01-01T00:00:00.000Z',
  IpAddress: '203.0.113.77',
  Arn: 'arn:aws:s3:::example',
  Binary: 'ZXhhbXBsZQ==',
}

/** A value of the type other than that of `plain`. */
const other: Readonly<Record<ValueType, string>> = {
  String: 'other',
  Bool: 'false',
  Numeric: '2',
  Date: '2026-01-02T00:00:00.000Z',
  IpAddress: '198.51.100.77',
  Arn: 'arn:aws:s3:::other',
  Binary: 'b3RoZXI=',
}

export function plainValue(type: ValueType): string {
  return plain[type]
}

/** A value of a type that is not among `values`. */
export function otherValue(type: ValueType, values: readonly string[]): string {
  return values.includes(plain[type]) ? other[type] : plain[type]
}

/** A number that is `step` more than one of a policy, or less if `step` is negative. */
export function numberBeside(value: string, step: number): string {
  const number = parseNumber(value)
  if (number === undefined) return String(step)
  const beside = String(number.double + step)
  const moved = parseNumber(beside)
  // A large double does not change by one, so it is doubled or negated.
  const isMoved = moved !== undefined && Math.sign(compareNumbers(moved, number)) === Math.sign(step)
  if (step === 0) return value
  return isMoved ? beside : String(Math.sign(step) * Math.abs(number.double) * 2)
}

/** A moment that is `step` days after one of a policy, or before it if `step` is negative. */
export function dateBeside(value: string, step: number): string {
  return instant((parseDate(value) ?? 0) + step * day)
}

/** The boolean that a value is not. */
export function otherBool(value: string): string {
  return parseBool(value) === true ? 'false' : 'true'
}

/** The address that a network is written with. */
export function networkAddress(value: string): string {
  return value.replace(/\/\d+$/, '')
}

/** A text that a pattern matches. */
export function filledText(pattern: string): string {
  return filledTexts(pattern)[0]!
}

/** An ARN that a pattern matches. */
export function filledArn(pattern: string): string {
  return filledArns(pattern, 's3')[0]!
}

/** A moment as a request writes it, within the years that ISO 8601 writes with four digits. */
export function instant(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, earliest), latest)).toISOString()
}

const earliest = Date.UTC(1970, 0)
const latest = Date.UTC(9999, 0)
