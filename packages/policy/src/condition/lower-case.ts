/**
 * A text in lower case as StringEqualsIgnoreCase compares it: by Unicode, with the final sigma, but characters beyond
 * U+FFFF stay as they are (behaviour POL-210).
 */
export function lowerCase(text: string): string {
  const lowered = text.toLowerCase()
  if (!pair.test(text)) return lowered
  // No character of the basic plane has a lower case beyond it, nor the other way round.
  const pairs = text.match(allPairs) ?? []
  let next = 0
  return lowered.replace(allPairs, (one) => pairs[next++] ?? one)
}

const pair = /[\ud800-\udbff][\udc00-\udfff]/
const allPairs = new RegExp(pair, 'g')
