import { spend } from './meter.ts'
import { anyOne, anyRun, type Part, type Variable, type Wildcard } from './template.ts'

/** A pattern split into units of UTF-16, wildcards and variables, for comparison with another pattern. */
export type Tokens = readonly (string | Wildcard | Variable)[]

/** Maximum tokens of a pattern. Longer patterns count as different. */
const maxTokens = 2_048

/**
 * The tokens of a pattern. Adjacent wildcards get one order (`*?` becomes `?*`), so that equivalent patterns are
 * equal.
 */
export function tokensOf(parts: readonly Part[]): Tokens {
  const tokens: (string | Wildcard | Variable)[] = []
  let run = false
  const endRun = (): void => {
    if (run) tokens.push(anyRun)
    run = false
  }
  for (const part of parts) {
    if (part === anyRun) run = true
    else if (part === anyOne) tokens.push(part)
    else {
      endRun()
      if (typeof part === 'string') tokens.push(...part.split(''))
      else tokens.push(part)
    }
  }
  endRun()
  return tokens
}

/**
 * Whether `outer` matches everything that `inner` matches, for all values of variables. A yes is certain; a no may be
 * wrong.
 */
export function includes(outer: Tokens, inner: Tokens): boolean {
  if (outer.length > maxTokens || inner.length > maxTokens) return false
  // A run may be tried to its end at each place, so the steps are the product of the lengths at most.
  if (!spend(outer.length + inner.length)) return false
  // Matches the other pattern like a value; only a run matches a run.
  let at = 0
  let from = 0
  let runAt = -1
  let runFrom = -1
  while (from < inner.length) {
    const wanted = outer[at]
    if (wanted === anyRun) {
      runAt = ++at
      runFrom = from
    } else if (wanted !== undefined && takes(wanted, inner[from])) {
      at++
      from++
    } else if (runAt === -1) return false
    else {
      at = runAt
      from = ++runFrom
      if (!spend(1)) return false
    }
  }
  while (outer[at] === anyRun) at++
  return at === outer.length
}

function takes(
  outer: string | Wildcard | Variable,
  inner: string | Wildcard | Variable | undefined,
): boolean {
  if (outer === anyOne) return inner === anyOne || typeof inner === 'string'
  if (typeof outer === 'string') return outer === inner
  return (
    typeof outer === 'object' &&
    typeof inner === 'object' &&
    !outer.isMalformed &&
    outer.key === inner.key &&
    outer.fallback === inner.fallback
  )
}

/** Whether some text may match both. A no is certain, because variables may have any value. */
export function overlaps(a: Tokens, b: Tokens): boolean {
  if (a.length > maxTokens || b.length > maxTokens) return true
  if (!spend(a.length * b.length)) return true
  // reached[j]: some text may match the first i tokens of a and the first j of b
  let reached = new Uint8Array(b.length + 1)
  reached[0] = 1
  for (let j = 0; j < b.length && isRun(b[j]); j++) reached[j + 1] = 1
  for (const token of a) {
    const next = new Uint8Array(b.length + 1)
    next[0] = isRun(token) ? reached[0]! : 0
    for (let j = 0; j < b.length; j++) {
      const other = b[j]
      const emptyHere = isRun(other) && next[j] === 1
      const emptyThere = isRun(token) && reached[j + 1] === 1
      const longer = (isRun(token) && next[j] === 1) || (isRun(other) && reached[j + 1] === 1)
      const both = reached[j] === 1 && mayBeSame(token, other)
      next[j + 1] = emptyHere || emptyThere || longer || both ? 1 : 0
    }
    reached = next
  }
  return reached[b.length] === 1
}

/** Whether a token matches any text: a run, or a variable. */
function isRun(token: Tokens[number] | undefined): boolean {
  return token === anyRun || typeof token === 'object'
}

function mayBeSame(a: Tokens[number], b: Tokens[number] | undefined): boolean {
  return typeof a !== 'string' || typeof b !== 'string' || a === b
}
