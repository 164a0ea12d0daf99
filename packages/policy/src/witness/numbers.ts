import { compareNumbers, type Decimal } from '../condition/number.ts'

/**
 * A number for each gap that the ends leave, unless a candidate is in it already: below all, between each two neighbours, and
 * above all. Candidates are doubles, which have fewer digits than numbers of policies.
 */
export function numbersBetween(ends: readonly Decimal[], candidates: readonly Decimal[]): readonly string[] {
  const sorted = ends.toSorted(compareNumbers)
  const others = candidates.toSorted(compareNumbers)
  const longest = Math.max(...ends.map(({ text }) => text.length))
  const found: string[] = []
  let at = 0
  for (const [index, low] of [undefined, ...sorted].entries()) {
    const high = sorted[index]
    // Candidates up to the lower end are in no later gap.
    const isIn = (other: Decimal) => low === undefined || compareNumbers(low, other) < 0
    while (others.slice(at, at + 1).some((other) => !isIn(other))) at++
    const next = others[at]
    const isTaken = next !== undefined && (high === undefined || compareNumbers(next, high) < 0)
    if (!isTaken && (high === undefined || isIn(high))) found.push(between(low, high, longest))
  }
  return found
}

/** A number above `low` and below `high`, neither of which is longer than `longest` characters. */
function between(low: Decimal | undefined, high: Decimal | undefined, longest: number): string {
  if (low === undefined) return high === undefined || signOf(high) > 0 ? '0' : beyond(high, '-1')
  if (high === undefined) return signOf(low) < 0 ? '0' : beyond(low, '1')
  if (signOf(low) * signOf(high) < 0) return '0'
  if (signOf(low) === 0) return shifted(high, -1)
  if (signOf(high) === 0) return shifted(low, -1)
  // A digit that is behind those of both.
  const { mantissa, exponent } = partsOf(signOf(low) > 0 ? low : high)
  return `${mantissa}${mantissa.includes('.') ? '' : '.'}${'0'.repeat(longest)}1e${exponent}`
}

const zero = { double: 0, text: '0', isShort: true }

function signOf(number: Decimal): number {
  return Math.sign(compareNumbers(number, zero))
}

function beyond(number: Decimal, ifZero: string): string {
  return signOf(number) === 0 ? ifZero : shifted(number, 1)
}

/** A number times ten to the power of another. */
function shifted(number: Decimal, power: number): string {
  const { mantissa, exponent } = partsOf(number)
  return `${mantissa}e${exponent + power}`
}

function partsOf({ text }: Decimal): { readonly mantissa: string; readonly exponent: number } {
  const [mantissa = '', exponent = 0] = text.split(/e/i)
  return { mantissa, exponent: Number(exponent) }
}
