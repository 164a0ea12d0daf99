import { limits } from '../limits.ts'

/**
 * Returns a test of whole values for a model's pattern, compiled once for each pattern. The models' patterns are
 * Java's; a test asserts that each of them compiles.
 */
export function patternTest(pattern: string): (value: string) => boolean {
  const expression = compile(pattern)
  // A length limit for all patterns: not every shape with a pattern has a limit, and matching time must not grow with
  // the text.
  return (value) => value.length <= limits.patternLength && expression.test(value)
}

function compile(pattern: string): RegExp {
  const [, flags = '', body = ''] = /^(?:\(\?([is]+)\))?([\s\S]*)$/.exec(pattern) ?? [] // `(?s).*`
  const anchored = `^(?:${body})$`
  try {
    return new RegExp(anchored, `u${flags}`)
  } catch (unreadable) {
    // Only the older grammar accepts escapes such as `\:`, but `\p{L}` has another meaning there.
    if (anchored.includes('\\p{')) throw unreadable
    return new RegExp(anchored, flags)
  }
}
