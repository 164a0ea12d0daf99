import { isSpent, spend } from '../match/meter.ts'
import type { Context } from '../request/context.ts'
import { type Fit, fitsNeither, not, type Truth, truthNo, truthUnknown, truthYes } from './truth.ts'

/** Compiled values of a condition: whether the request's value matches one of them. */
export type Operand = (seen: string, context: Context) => Fit

type Compile = (value: string, variables: boolean) => Operand | undefined
type Joined = (values: readonly string[], variables: boolean) => Operand

/** Whether one of the operands matches; unknown if none does and one cannot be evaluated. */
export function anyFits(operands: readonly Operand[], seen: string, context: Context): Fit {
  let truth: Fit = truthNo
  for (const operand of operands) {
    if (!spend(1)) return truthUnknown
    const fits = operand(seen, context)
    if (fits === truthYes || fits === fitsNeither) return fits
    if (fits === truthUnknown) truth = truthUnknown
  }
  return truth
}

/** Tries operands in order: the first that matches, or that cannot be evaluated, decides. */
export function inOrder(operands: readonly Operand[]): Operand {
  return (seen, context) => {
    for (const operand of operands) {
      if (!spend(1)) return truthUnknown
      const fits = operand(seen, context)
      if (fits !== truthNo) return fits
    }
    return truthNo
  }
}

function unknown(): Truth {
  return truthUnknown
}

/** Joins the values of an operator that can only try each. */
export function tried(operand: Compile): Joined {
  return (values, variables) => {
    const operands = values.map((value) => operand(value, variables) ?? unknown)
    return (seen, context) => anyFits(operands, seen, context)
  }
}

/**
 * Joins values that are compared for equality. Values without variables take one lookup in a set; the others are
 * tried.
 * @param plain a value in the spelling in which equal values are equal texts; undefined if it must be tried
 * @param normal the request's value in that spelling; undefined if it is not of the operator's type, so that neither
 * the operator nor its negation holds
 */
export function equality(
  plain: (value: string, variables: boolean) => string | undefined,
  normal: (seen: string) => string | undefined,
  operand: Compile,
): Joined {
  return (values, variables) => {
    const equal = new Set<string>()
    const others: Operand[] = []
    for (const value of values) {
      const text = plain(value, variables)
      if (text !== undefined) equal.add(text)
      else others.push(operand(value, variables) ?? unknown)
    }
    return (seen, context) => {
      const text = normal(seen)
      if (text === undefined) return fitsNeither
      return equal.has(text) ? truthYes : anyFits(others, seen, context)
    }
  }
}

/**
 * The operators of a type whose values have an order. What cannot be read is unequal; whether it is less or greater is not
 * known (behaviours POL-202 and POL-121).
 */
export function ordering<T>(
  wants: string,
  parse: (text: string) => T | undefined,
  compare: (one: T, other: T) => number,
) {
  const greatest = (one: T, other: T): T => (compare(one, other) < 0 ? other : one)
  const least = (one: T, other: T): T => (compare(one, other) < 0 ? one : other)
  const reads = (value: string): boolean => parse(value) !== undefined
  /** Only the outermost of many values counts: what is less than one of them is less than the greatest. */
  const bound = (outermost: (one: T, other: T) => T, holds: (order: number) => boolean) => {
    const joined = (values: readonly string[]): Operand => {
      const wanted = values.map(parse).filter((value) => value !== undefined)
      const otherwise = wanted.length < values.length ? truthUnknown : truthNo
      const [first, ...rest] = wanted
      if (first === undefined) return unknown
      const limit = rest.reduce(outermost, first)
      return (seen) => {
        spend(seen.length)
        const found = parse(seen)
        if (found === undefined) return truthUnknown
        return holds(compare(found, limit)) ? truthYes : otherwise
      }
    }
    return { wants, reads, joined, operand: single(joined) }
  }
  /** A value that cannot be read equals nothing, not even itself (behaviour POL-202). */
  const equal = (values: readonly string[]): Operand => {
    const sorted = values
      .map(parse)
      .filter((value) => value !== undefined)
      .toSorted(compare)
    return (seen) => {
      spend(seen.length)
      const found = parse(seen)
      return found !== undefined && has(sorted, found, compare) ? truthYes : truthNo
    }
  }
  const single =
    (joined: (values: readonly string[]) => Operand): Compile =>
    (value) =>
      reads(value) ? joined([value]) : undefined
  return {
    equal: { wants, reads, joined: equal, operand: (value: string) => equal([value]) },
    less: bound(greatest, (order) => order < 0),
    lessOrEqual: bound(greatest, (order) => order <= 0),
    greater: bound(least, (order) => order > 0),
    greaterOrEqual: bound(least, (order) => order >= 0),
  }
}

/** Whether a sorted list holds a value. */
function has<T>(sorted: readonly T[], wanted: T, compare: (one: T, other: T) => number): boolean {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    const value = sorted[middle]
    // The middle index of a list that is not empty is within it.
    const order = compare(wanted, value as T)
    if (order === 0) return true
    if (order < 0) to = middle
    else from = middle + 1
  }
  return false
}

type ManyTest = (seen: readonly string[], context: Context) => Truth

type Holds = (seen: string, context: Context) => Truth

/** Whether some of the request's values hold; unknown if none does and one cannot be evaluated. */
export function someHold(holds: Holds): ManyTest {
  return (seen, context) => anyValue(seen, (value) => holds(value, context))
}

/** Whether all of the request's values hold. */
export function allHold(holds: Holds): ManyTest {
  return (seen, context) => not(anyValue(seen, (value) => not(holds(value, context))))
}

function anyValue(values: readonly string[], test: (value: string) => Truth): Truth {
  let truth: Truth = truthNo
  for (const value of values) {
    if (!spend(1)) return truthUnknown
    const one = test(value)
    if (one === truthYes) return truthYes
    if (one === truthUnknown) truth = truthUnknown
  }
  return isSpent() ? truthUnknown : truth
}
