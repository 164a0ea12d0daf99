import type { Entry } from './entry.ts'

/** So many changes never drop the order, however few records there are. */
const leastUnasked = 64

/** Finds the records of a table by a unique text, and returns them in the order of that text. */
export class TextIndex<R> {
  readonly #textOf: (record: R) => string | undefined
  readonly #byText = new Map<string, Entry<R>>()
  /** Made when it is asked for and then kept in order: a change moves a part of it and sorts nothing. */
  #order: { readonly texts: string[]; readonly records: R[] } | undefined
  /** Changes of the order since it was asked for last. */
  #unasked = 0

  /** A record whose text is undefined is not in the index. */
  constructor(textOf: (record: R) => string | undefined) {
    this.#textOf = textOf
  }

  find(text: string): R | undefined {
    return this.#byText.get(text)?.record
  }

  /** Returns all records by their texts, ascending. The list belongs to the index and changes with the table. */
  get ordered(): readonly R[] {
    this.#order ??= sorted(this.#byText)
    this.#unasked = 0
    return this.#order.records
  }

  /** Replaces a record by another; undefined means none. */
  replace(before: Entry<R> | undefined, after: Entry<R> | undefined): void {
    const textBefore = this.#textIn(before)
    const textAfter = this.#textIn(after)
    if (textBefore !== undefined && textBefore !== textAfter) this.#delete(textBefore)
    if (after !== undefined && textAfter !== undefined) this.#put(textAfter, after)
  }

  #textIn(entry: Entry<R> | undefined): string | undefined {
    return entry && this.#textOf(entry.named as R) // only a name, if the text is made of it: `TableDefinition.byNameOnly`
  }

  /** Drops an order that nobody asks for: each change moves a part of it, and sorting again costs less than many of these. */
  #orderToChange() {
    if (this.#order !== undefined && ++this.#unasked > leastUnasked + this.#byText.size / 8)
      this.#order = undefined
    return this.#order
  }

  #put(text: string, entry: Entry<R>): void {
    this.#byText.set(text, entry)
    const order = this.#orderToChange()
    if (order === undefined) return
    const { texts, records } = order
    const at = placeOf(text, texts)
    const replaced = texts[at] === text ? 1 : 0
    texts.splice(at, replaced, text)
    records.splice(at, replaced, entry.record)
  }

  #delete(text: string): void {
    this.#byText.delete(text)
    const order = this.#orderToChange()
    if (order === undefined) return
    const { texts, records } = order
    const at = placeOf(text, texts)
    texts.splice(at, 1)
    records.splice(at, 1)
  }
}

function sorted<R>(byText: ReadonlyMap<string, Entry<R>>): { texts: string[]; records: R[] } {
  const entries = [...byText].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return { texts: entries.map(([text]) => text), records: entries.map(([, { record }]) => record) }
}

/** Returns the position of the text, or the position at which it would be inserted. */
function placeOf(text: string, texts: readonly string[]): number {
  let low = 0
  let high = texts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (texts[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}
