import { limits } from '../limits.ts'
import { decodeUtf8 } from '../text.ts'

/** Returns the value of a JSON text, or undefined if it is not JSON, is not UTF-8, or exceeds `limits`. */
export function parseJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined || !isWithinLimits(text)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/**
 * Returns whether a JSON text has no more values, and no deeper nesting, than `wireLimits` allows. The values are
 * counted before parsing: a text of `{}` takes fifty times its length in memory, and readers recurse as deep as the
 * value.
 */
export function isWithinLimits(text: string, values: number = limits.jsonValues): boolean {
  let depth = 0
  let left = values
  let outside = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (++outside > limits.jsonOutside) return false
    if (character === quote) {
      at = endOfString(text, at)
      if (at < 0) return true // JSON.parse refuses it
    } else if (character === openBrace || character === openBracket) {
      if (++depth > limits.depth || --left < 0) return false
    } else if (character === closeBrace || character === closeBracket) depth--
    else if (character === comma && --left < 0) return false
  }
  return true
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * Returns the end of a string that begins here, by a search, because most of a large text is one string; -1 if it has
 * no end.
 */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = end
    while (text.charCodeAt(escapes - 1) === backslash) escapes--
    if ((end - escapes) % 2 === 0) return end
  }
  return -1
}
