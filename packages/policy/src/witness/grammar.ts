import type { Grammar } from './question.ts'

/** A text of a grammar. */
export function sampleText(grammar: Grammar): string {
  if ('values' in grammar) return grammar.values[0] ?? ''
  const { characters = 'a-z', first = characters, last = characters, least = 1 } = grammar
  if (least === 0) return ''
  return least === 1
    ? sampleOf(first)
    : sampleOf(first) + sampleOf(characters).repeat(least - 2) + sampleOf(last)
}

function sampleOf(set: string): string {
  return set.charAt(0)
}
