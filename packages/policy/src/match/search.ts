import { spend } from './meter.ts'

/** Literals up to this length are left to the runtime's search, which is linear for them. */
const short = 250
/** One step pays for 2 characters of such a search: the slowest take 5 ns for each. */
const stepBits = 1

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
  if (value.length - from < needle.text.length) return -1
  return needle.text.length <= short ? searchShort(needle, value, from) : searchLong(needle, value, from, 0)
}

/** The next place of a text after one where it was found, or -1. A long text is not read again from its start. */
export function searchAfter(needle: Needle, value: string, found: number): number {
  const { length } = needle.text
  if (value.length - found <= length) return -1
  if (length <= short) return searchShort(needle, value, found + 1)
  return searchLong(needle, value, found + length, bordersOf(needle)[length - 1] ?? 0)
}

function searchShort({ text }: Needle, value: string, from: number): number {
  const found = value.indexOf(text, from)
  spend(1 + (((found === -1 ? value.length : found) - from + text.length) >> stepBits))
  return found
}

/** Searches from `from` on, behind `matched` characters of the text that are there already. */
function searchLong(needle: Needle, value: string, from: number, matched: number): number {
  const { text } = needle
  const failures = bordersOf(needle)
  for (let at = from; at < value.length; at++) {
    while (matched > 0 && value.charCodeAt(at) !== text.charCodeAt(matched))
      matched = failures[matched - 1] ?? 0
    if (value.charCodeAt(at) === text.charCodeAt(matched)) matched++
    if (matched === text.length) {
      spend(at + 1 - from)
      return at - text.length + 1
    }
  }
  spend(value.length - from)
  return -1
}

function bordersOf(needle: Needle): Int32Array {
  if (needle.failures === undefined) spend(needle.text.length)
  needle.failures ??= failuresOf(needle.text)
  return needle.failures
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
