/** A text that a pattern with wildcards matches. */
export function textFor(pattern: string): string {
  return pattern.replaceAll('*', 'omen').replaceAll('?', 'o')
}
