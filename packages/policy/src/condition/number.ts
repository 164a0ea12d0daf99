import { spend } from '../match/meter.ts'

/**
 * A decimal number of a policy or a request. Numbers of many digits are compared by their digits, because a double
 * holds only 15 exactly.
 */
export interface Decimal {
  readonly double: number
  readonly text: string
  /** Whether the number has so few digits that its double is exact. */
  readonly isShort: boolean
  /** Worked out when it is first compared by its digits. */
  form?: Form
}

const form = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?$/
const shortDigits = 15
const shortExponent = 200
/** Maximum digits of an exponent. */
const longestExponent = 9

/** A decimal number with an optional sign, fraction and exponent; undefined for anything else (behaviour POL-133). */
export function parseNumber(text: string): Decimal | undefined {
  const found = form.exec(text)
  if (found === null) return undefined
  const [, , digits = '', exponent = ''] = found
  if (exponent.replace(/^[+-]/, '').length > longestExponent) return undefined
  const isShort = digits.length <= shortDigits && Math.abs(Number(exponent)) <= shortExponent
  return { double: Number(text), text, isShort }
}

/** Below zero if `one` is the lesser, above zero if it is the greater, zero if they are equal. */
export function compareNumbers(one: Decimal, other: Decimal): number {
  return one.isShort && other.isShort ? one.double - other.double : compareForms(formOf(one), formOf(other))
}

/** Sign, the power of ten above the first digit, and the digits without zeros at either end. */
interface Form {
  readonly sign: -1 | 0 | 1
  readonly power: number
  readonly digits: string
}

function formOf(number: Decimal): Form {
  number.form ??= readForm(number)
  return number.form
}

function readForm({ text }: Decimal): Form {
  const [, sign = '', written = '', exponent = ''] = form.exec(text) ?? []
  const point = written.indexOf('.')
  const whole = point === -1 ? written : written.slice(0, point)
  const all = whole + (point === -1 ? '' : written.slice(point + 1))
  let start = 0
  while (all.charCodeAt(start) === zero) start++
  let end = all.length
  while (end > start && all.charCodeAt(end - 1) === zero) end--
  if (start === all.length) return { sign: 0, power: 0, digits: '' }
  return {
    sign: sign === '-' ? -1 : 1,
    power: whole.length - start + Number(exponent),
    digits: all.slice(start, end),
  }
}

const zero = 48

function compareForms(one: Form, other: Form): number {
  if (one.sign !== other.sign) return one.sign - other.sign
  if (one.sign === 0) return 0
  if (one.power !== other.power) return (one.power - other.power) * one.sign
  spend(Math.min(one.digits.length, other.digits.length) >> 3)
  // Digits after the same decimal point order as texts do.
  return (one.digits < other.digits ? -1 : one.digits > other.digits ? 1 : 0) * one.sign
}
