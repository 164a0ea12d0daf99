import { spend } from './meter.ts'

/** Literals up to this length are left to the runtime's search, which is linear for them. */
const SHORT = 250
/** A step stands for 8 characters of such a search. */
const STEP_BITS = 3

/** Finds one text in others, in time linear in both lengths. */
export type Search = (value: string, from: number) => number

/**
 * Compiles a search for `literal`; the search returns an index, or -1. The runtime compares long literals of one
 * repeated character again and again, so those use Knuth-Morris-Pratt.
 */
export function compileSearch(literal: string): Search {
  let failures: Int32Array | undefined
  if (literal.length <= SHORT) {
    return (value, from) => {
      const found = value.indexOf(literal, from)
      spend(1 + (((found === -1 ? value.length : found) - from) >> STEP_BITS))
      return found
    }
  }
  return (value, from) => {
    if (value.length - from < literal.length) return -1
    failures ??= failuresOf(literal)
    const found = searchLong(literal, failures, value, from)
    spend(1 + (found === -1 ? value.length : found) - from)
    return found
  }
}

/** For each prefix of the literal: how long its longest proper border is. */
function failuresOf(literal: string): Int32Array {
  const failures = new Int32Array(literal.length)
  let border = 0
  for (let at = 1; at < literal.length; at++) {
    while (border > 0 && literal.charCodeAt(at) !== literal.charCodeAt(border))
      border = failures[border - 1] ?? 0
    if (literal.charCodeAt(at) === literal.charCodeAt(border)) border++
    failures[at] = border
  }
  return failures
}

function searchLong(literal: string, failures: Int32Array, value: string, from: number): number {
  let matched = 0
  for (let at = from; at < value.length; at++) {
    while (matched > 0 && value.charCodeAt(at) !== literal.charCodeAt(matched))
      matched = failures[matched - 1] ?? 0
    if (value.charCodeAt(at) === literal.charCodeAt(matched)) matched++
    if (matched === literal.length) return at - literal.length + 1
  }
  return -1
}
