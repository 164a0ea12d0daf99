import { spend } from './meter.ts'

/** Literals up to this length are left to the runtime's search, which is linear for them. */
const short = 250
/** One step pays for 8 characters of such a search. */
const stepBits = 3

/** A text to look for. */
export interface Needle {
  readonly text: string
  /** For each prefix of a long text: how long its longest proper border is. Made when first needed. */
  failures: Int32Array | undefined
}

/**
 * The first place of a text in a value from `from` on, or -1, in time linear in both lengths. The runtime's search
 * compares long texts of one repeated character again and again, so those use Knuth-Morris-Pratt.
 */
export function search(needle: Needle, value: string, from: number): number {
  const { text } = needle
  const isShort = text.length <= short
  if (value.length - from < text.length) return -1
  const found = isShort ? value.indexOf(text, from) : searchLong(needle, value, from)
  const distance = (found === -1 ? value.length : found) - from
  spend(1 + (isShort ? distance >> stepBits : distance))
  return found
}

function searchLong(needle: Needle, value: string, from: number): number {
  const { text } = needle
  needle.failures ??= failuresOf(text)
  const { failures } = needle
  let matched = 0
  for (let at = from; at < value.length; at++) {
    while (matched > 0 && value.charCodeAt(at) !== text.charCodeAt(matched))
      matched = failures[matched - 1] ?? 0
    if (value.charCodeAt(at) === text.charCodeAt(matched)) matched++
    if (matched === text.length) return at - text.length + 1
  }
  return -1
}

function failuresOf(text: string): Int32Array {
  const failures = new Int32Array(text.length)
  let border = 0
  for (let at = 1; at < text.length; at++) {
    while (border > 0 && text.charCodeAt(at) !== text.charCodeAt(border)) border = failures[border - 1] ?? 0
    if (text.charCodeAt(at) === text.charCodeAt(border)) border++
    failures[at] = border
  }
  return failures
}
