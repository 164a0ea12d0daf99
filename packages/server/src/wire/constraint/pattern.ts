import { limits } from '../limits.ts'

/**
 * A model's pattern as a test of whole values. Compiled once for each pattern.
 * The models' patterns are Java's; a test holds that each of them compiles.
 */
export function patternTest(pattern: string): (value: string) => boolean {
  const expression = compile(pattern)
  // A length bound of its own: not every shape with a pattern has one, and time must not grow with the text.
  return (value) => value.length <= limits.patternLength && expression.test(value)
}

function compile(pattern: string): RegExp {
  const [, flags = '', body = ''] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern) ?? [] // `(?s).*`
  const anchored = `^(?:${body})$`
  try {
    return new RegExp(anchored, `u${flags}`)
  } catch (unreadable) {
    // Escapes such as `\:` only the older grammar lets through; but there `\p{L}` would mean something else.
    if (anchored.includes('\\p{')) throw unreadable
    return new RegExp(anchored, flags)
  }
}
