import { limits } from '../limits.ts'

/**
 * A model's pattern as a test of whole values. The models' patterns are Java's; the few of its constructs
 * that JavaScript lacks are translated. Compiled once for each pattern.
 */
export function patternTest(pattern: string): (value: string) => boolean {
  const expression = compile(pattern)
  // A length bound of its own: not every shape with a pattern has one, and time must not grow with the text.
  return (value) => value.length <= limits.patternLength && expression.test(value)
}

const javaClasses: Readonly<Record<string, string>> = {
  Alnum: 'A-Za-z0-9',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`\\{-~',
  ASCII: '\\x00-\\x7F',
  Graph: '!-~',
  Print: ' -~',
  Space: '\\s',
  Blank: ' \\t',
  XDigit: '0-9A-Fa-f',
}

function compile(pattern: string): RegExp {
  const translated = pattern
    .replace(/\\p\{(\w+)\}/g, (whole, name) => javaClasses[name] ?? whole)
    .replace(/^\\A|\\[zZ]$/g, '')
    .replace(/([*+?}])\+/g, '$1') // possessive quantifiers: the same matches where the whole value must match
  const anchored = `^(?:${translated})$`
  try {
    return new RegExp(anchored, 'u')
  } catch {
    return new RegExp(anchored) // escapes such as `\@`, which only the older grammar lets through
  }
}
