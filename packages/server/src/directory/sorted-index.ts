import type { Entry } from './entry.ts'

/** Entries of one part: few enough that a change moves little. */
const partMost = 512

interface Part<R> {
  readonly texts: string[]
  readonly entries: Entry<R>[]
}

/**
 * The records of a table in the order of a text, which no two share. It is in parts, so that neither a change nor a look at
 * some of many records takes long.
 */
export class SortedIndex<R> {
  readonly #textOf: (record: R) => string
  readonly #parts: Part<R>[] = []

  constructor(textOf: (record: R) => string) {
    this.#textOf = textOf
  }

  /**
   * Returns records whose texts begin with a prefix, ascending. @param after only texts greater than this one
   * @param most how many at most
   */
  range(prefix: string, after: string | undefined, most: number): readonly R[] {
    const start = after !== undefined && after >= prefix ? after : prefix
    const records: R[] = []
    for (let p = Math.max(0, this.#partOf(start)); p < this.#parts.length; p++) {
      const { texts, entries } = this.#parts[p]!
      for (let at = records.length === 0 ? placeIn(texts, start) : 0; at < texts.length; at++) {
        const text = texts[at]!
        if (after !== undefined && text <= after) continue
        if (!text.startsWith(prefix) || records.length >= most) return records
        records.push(entries[at]!.record)
      }
    }
    return records
  }

  /** Replaces a record by another; undefined means none. */
  replace(before: Entry<R> | undefined, after: Entry<R> | undefined): void {
    if (before !== undefined) this.#delete(this.#textOf(before.record))
    if (after !== undefined) this.#put(this.#textOf(after.record), after)
  }

  #put(text: string, entry: Entry<R>): void {
    const number = Math.max(0, this.#partOf(text))
    const part = this.#parts[number]
    if (part === undefined) {
      this.#parts.push({ texts: [text], entries: [entry] })
      return
    }
    const at = placeIn(part.texts, text)
    const replaced = part.texts[at] === text ? 1 : 0
    part.texts.splice(at, replaced, text)
    part.entries.splice(at, replaced, entry)
    if (part.texts.length <= partMost) return
    const half = partMost >> 1
    const rest = { texts: part.texts.splice(half), entries: part.entries.splice(half) }
    this.#parts.splice(number + 1, 0, rest)
  }

  #delete(text: string): void {
    const number = this.#partOf(text)
    const part = this.#parts[number]
    const at = part === undefined ? 0 : placeIn(part.texts, text)
    if (part?.texts[at] !== text) return
    part.texts.splice(at, 1)
    part.entries.splice(at, 1)
    if (part.texts.length === 0) this.#parts.splice(number, 1)
  }

  /** The last part that begins at a text or before; -1 if none does. */
  #partOf(text: string): number {
    let [low, high] = [0, this.#parts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#parts[middle]!.texts[0]! <= text) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/** Returns the position of a text, or that at which it would be. */
function placeIn(texts: readonly string[], text: string): number {
  let [low, high] = [0, texts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (texts[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}
