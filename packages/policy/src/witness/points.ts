import type { CompiledCondition } from '../condition/condition.ts'
import { parseDate } from '../condition/date.ts'
import { type Decimal, parseNumber } from '../condition/number.ts'
import type { ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import { plainValue } from '../condition/samples.ts'
import { typeOfKey } from '../validate/key-types.ts'
import { addressPoints } from './networks.ts'
import { numbersBetween } from './numbers.ts'
import type { KeyDomain } from './question.ts'

/**
 * Values of a key among which is one for every combination of truths that its conditions can have together: the values
 * of the policies, those between two neighbours, and those outside of all.
 * @param conditions all conditions on the key
 */
export function pointsOf(
  key: string,
  conditions: readonly CompiledCondition[],
  domain: KeyDomain,
): readonly string[] {
  const values = new Map<ValueType, string[]>()
  for (const { entry } of conditions) {
    const { operator } = parseOperator(entry.operator)
    if (operator === undefined) continue
    const list = values.get(operator.type) ?? []
    list.push(...entry.values.map(({ value }) => value))
    values.set(operator.type, list)
  }
  const points = [...values].flatMap(([type, list]) => pointsByType[type](list))
  // No address, for a key that may hold any text: then neither IpAddress nor NotIpAddress holds (behaviour POL-204).
  if (values.has('IpAddress') && typeOfKey(key) !== 'IpAddress') points.push(plainValue('String'))
  const { range, dates } = domain
  const moments = values.get('Date') ?? []
  if (dates !== undefined) {
    const { earliest, latest } = dates
    const from = parseDate(earliest) ?? Number.NEGATIVE_INFINITY
    const to = parseDate(latest) ?? Number.POSITIVE_INFINITY
    const found = datePoints([...moments, earliest, latest])
    return [...new Set(found)].filter((point) => isBetween(parseDate(point), from, to))
  }
  if (range === undefined) return [...new Set(points)]
  const seconds = moments.map((moment) => parseDate(moment)).filter((moment) => moment !== undefined)
  const numbers = [
    ...(values.get('Numeric') ?? []),
    ...seconds.map((moment) => String(moment / 1000)),
    String(range.least),
    String(range.most),
  ]
  const whole = numberPoints(numbers)
    .flatMap((point) => [Math.floor(Number(point)), Math.ceil(Number(point))])
    .filter((point) => isBetween(point, range.least, range.most))
  return [...new Set(whole.map(String))]
}

function isBetween(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most
}

const pointsByType: Readonly<Record<ValueType, (values: readonly string[]) => readonly string[]>> = {
  Numeric: numberPoints,
  Date: datePoints,
  IpAddress: addressPoints,
  Binary: (values) => [...values, 'b3RoZXI='],
  String: (values) => values,
  Arn: (values) => values,
  Bool: () => ['true', 'false'],
}

function numberPoints(values: readonly string[]): readonly string[] {
  const numbers = decimalsOf(values)
  const doubles = numbers.map(({ double }) => double)
  const beside = around(doubles, 1).map(String)
  const texts = [...values, ...beside].filter((text) => parseNumber(text) !== undefined)
  return [...texts, ...numbersBetween(numbers, decimalsOf(beside))]
}

function decimalsOf(texts: readonly string[]): readonly Decimal[] {
  return texts.map(parseNumber).filter((number) => number !== undefined)
}

function datePoints(values: readonly string[]): readonly string[] {
  const moments = values.map(parseDate).filter((value) => value !== undefined)
  return [...values, ...around(moments, day).map(dateText)].filter((text) => parseDate(text) !== undefined)
}

/** Years of four digits are written in ISO 8601, all other moments in seconds. */
function dateText(moment: number): string {
  return moment >= earliestYear && moment < latestYear
    ? new Date(moment).toISOString()
    : String(moment / 1000)
}

/** Milliseconds. */
const day = 86_400_000
const earliestYear = Date.parse('0000-01-01T00:00:00Z')
const latestYear = Date.UTC(10_000, 0)

/** A number below all, one between each two neighbours, one above all. A whole number if possible. */
function around(numbers: readonly number[], step: number): readonly number[] {
  const sorted = [...new Set(numbers)].sort((one, other) => one - other)
  const [least = 0] = sorted
  const points = [least - step, ...sorted, (sorted.at(-1) ?? 0) + step]
  for (const [index, low] of sorted.entries()) {
    const high = sorted[index + 1]
    if (high === undefined) continue
    const whole = Math.floor((low + high) / 2)
    points.push(whole > low ? whole : (low + high) / 2)
  }
  return points
}
