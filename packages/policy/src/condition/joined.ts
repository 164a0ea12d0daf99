import { isSpent, spend } from '../match/meter.ts'
import type { Context } from '../request/context.ts'
import { not, type Truth, truthNo, truthUnknown, truthYes } from './truth.ts'

/** Compiled values of a condition: whether the request's value matches one of them. */
export type Operand = (seen: string, context: Context) => Truth

type Compile = (value: string, variables: boolean) => Operand | undefined
type Joined = (values: readonly string[], variables: boolean) => Operand

/** Whether one of the operands matches; unknown if none does and one cannot be evaluated. */
export function anyFits(operands: readonly Operand[], seen: string, context: Context): Truth {
  let truth: Truth = truthNo
  for (const operand of operands) {
    if (!spend(1)) return truthUnknown
    const fits = operand(seen, context)
    if (fits === truthYes) return truthYes
    if (fits === truthUnknown) truth = truthUnknown
  }
  return truth
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
 * @param normal the request's value in that spelling; undefined if it is not of the operator's type
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
      if (text === undefined) return truthUnknown
      return equal.has(text) ? truthYes : anyFits(others, seen, context)
    }
  }
}

/** The operators of a type whose values have an order. */
export function ordering<T>(
  wants: string,
  parse: (text: string) => T | undefined,
  compare: (one: T, other: T) => number,
) {
  const greatest = (one: T, other: T): T => (compare(one, other) < 0 ? other : one)
  const least = (one: T, other: T): T => (compare(one, other) < 0 ? one : other)
  /** Only the outermost of many values counts: what is less than one of them is less than the greatest. */
  const bound = (outermost: (one: T, other: T) => T, holds: (order: number) => boolean) => {
    const joined = (values: readonly string[]): Operand => {
      const wanted = values.map(parse).filter((value) => value !== undefined)
      const otherwise = wanted.length < values.length ? truthUnknown : truthNo
      const [first, ...rest] = wanted
      if (first === undefined) return unknown
      const limit = rest.reduce(outermost, first)
      return (seen) => {
        const found = parse(seen)
        if (found === undefined) return truthUnknown
        return holds(compare(found, limit)) ? truthYes : otherwise
      }
    }
    return { wants, joined, operand: single(joined) }
  }
  const equal = (values: readonly string[]): Operand => {
    const wanted = values.map(parse).filter((value) => value !== undefined)
    const sorted = wanted.toSorted(compare)
    const otherwise = wanted.length < values.length ? truthUnknown : truthNo
    return (seen) => {
      const found = parse(seen)
      if (found === undefined) return truthUnknown
      return has(sorted, found, compare) ? truthYes : otherwise
    }
  }
  const single =
    (joined: (values: readonly string[]) => Operand): Compile =>
    (value) =>
      parse(value) === undefined ? undefined : joined([value])
  return {
    equal: { wants, joined: equal, operand: single(equal) },
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

/** Whether some of the request's values hold; unknown if none does and one cannot be evaluated. */
export function someHold(holds: Operand): ManyTest {
  return (seen, context) => anyValue(seen, (value) => holds(value, context))
}

/** Whether all of the request's values hold. */
export function allHold(holds: Operand): ManyTest {
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
