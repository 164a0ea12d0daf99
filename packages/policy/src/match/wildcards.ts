import { emptyContext } from '../request/context.ts'
import { matcherOf } from './glob.ts'
import { type Part, parseTemplate } from './template.ts'

export interface WildcardOptions {
  readonly ignoreCase?: boolean
  /** A backslash before a character makes it plain text. */
  readonly backslash?: boolean
}

/**
 * Compiles a pattern into a test of texts: `*` is any run of characters, `?` any one unit of UTF-16. Variables are plain
 * text. A test takes at most as many steps as both lengths multiplied, so callers must limit the lengths.
 */
export function wildcardMatcher(
  pattern: string,
  { ignoreCase = false, backslash = false }: WildcardOptions = {},
): (text: string) => boolean {
  const written = ignoreCase ? pattern.toLowerCase() : pattern
  const matches = matcherOf(backslash ? escapedParts(written) : partsOf(written))
  return ignoreCase
    ? (text) => matches(text.toLowerCase(), emptyContext)
    : (text) => matches(text, emptyContext)
}

function partsOf(pattern: string): readonly Part[] {
  return parseTemplate(pattern, { wildcards: true, variables: false })
}

/** Every second piece of the split is an escaped character. A backslash at the end is plain text. */
function escapedParts(pattern: string): readonly Part[] {
  return pattern.split(/\\([\s\S])/).flatMap((piece, index) => (index % 2 === 1 ? [piece] : partsOf(piece)))
}
