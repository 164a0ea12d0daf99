import type { PrincipalElement, PrincipalEntry } from './policy.ts'

/**
 * What stands for everyone in `"Principal": "*"`; undefined where the element says whom it means, as
 * `{"AWS": "*"}` does. The engine takes both for the same, AWS's checks of trust policies do not.
 */
export function bareStar({ entries, span }: PrincipalElement): PrincipalEntry | undefined {
  const [first] = entries
  // only an element that is no object begins where its entry does
  return first?.value === '*' && first.span.start.offset === span.start.offset ? first : undefined
}
