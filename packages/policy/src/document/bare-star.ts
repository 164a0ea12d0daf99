import type { PrincipalElement, PrincipalEntry } from './policy.ts'

/**
 * Returns the entry of `"Principal": "*"`, or undefined for any other element, such as `{"AWS": "*"}`. The engine
 * treats both as everyone; AWS's checks of trust policies do not.
 */
export function bareStar({ entries, span }: PrincipalElement): PrincipalEntry | undefined {
  const [first] = entries
  // Only an element that is not an object starts where its entry starts.
  return first?.value === '*' && first.span.start.offset === span.start.offset ? first : undefined
}
