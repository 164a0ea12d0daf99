/** Finds the records of a table by a text of theirs that no two share, and gives them out in its order. */
export class TextIndex<R> {
  readonly #textOf: (record: R) => string | undefined
  readonly #byText = new Map<string, R>()
  /** Made when first asked for, and kept in order from then on: a change moves one record and sorts nothing. */
  #order: { readonly texts: string[]; readonly records: R[] } | undefined

  /** A record whose text is undefined is not in the index. */
  constructor(textOf: (record: R) => string | undefined) {
    this.#textOf = textOf
  }

  find(text: string): R | undefined {
    return this.#byText.get(text)
  }

  /** All records by their texts, ascending. The list is the index's own: it changes with the table. */
  get ordered(): readonly R[] {
    this.#order ??= sorted(this.#byText)
    return this.#order.records
  }

  /** Puts a record in another's place; undefined is none. */
  replace(before: R | undefined, after: R | undefined): void {
    const textBefore = before && this.#textOf(before)
    const textAfter = after && this.#textOf(after)
    if (textBefore !== undefined && textBefore !== textAfter) this.#delete(textBefore)
    if (after !== undefined && textAfter !== undefined) this.#put(textAfter, after)
  }

  #put(text: string, record: R): void {
    this.#byText.set(text, record)
    if (this.#order === undefined) return
    const { texts, records } = this.#order
    const at = placeOf(text, texts)
    const known = texts[at] === text ? 1 : 0
    texts.splice(at, known, text)
    records.splice(at, known, record)
  }

  #delete(text: string): void {
    this.#byText.delete(text)
    if (this.#order === undefined) return
    const { texts, records } = this.#order
    const at = placeOf(text, texts)
    texts.splice(at, 1)
    records.splice(at, 1)
  }
}

function sorted<R>(byText: ReadonlyMap<string, R>): { texts: string[]; records: R[] } {
  const entries = [...byText].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return { texts: entries.map(([text]) => text), records: entries.map(([, record]) => record) }
}

/** Where the text stands, or would stand. */
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
