import { limits } from '../limits.ts'
import { decodeUtf8 } from '../text.ts'

/** The value of a JSON text, or undefined where it is none, is not UTF-8, or is nested too deep. */
export function parseJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined || nestedTooDeep(text)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Counted before parsing: what reads the value afterwards goes as deep as it does. */
function nestedTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (quoted) {
      if (character === 0x5c) i++
      else if (character === 0x22) quoted = false
    } else if (character === 0x22) quoted = true
    else if (character === 0x7b || character === 0x5b) {
      if (++depth > limits.depth) return true
    } else if (character === 0x7d || character === 0x5d) depth--
  }
  return false
}
