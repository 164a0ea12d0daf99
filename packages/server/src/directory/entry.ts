/** A record of a table. One that comes from the store is parsed when it is asked for first. */
export class Entry<R> {
  #record: R | undefined
  /** The stored form; undefined once it is parsed. */
  #text: string | undefined
  #name: string | undefined

  private constructor(record: R | undefined, text?: string, name?: string) {
    this.#record = record
    this.#text = text
    this.#name = name
  }

  static of<R>(record: R): Entry<R> {
    return new Entry(record)
  }

  /** An entry of a record as it is stored: what `JSON.stringify` returned. `name` is the record's, if it is known. */
  static stored<R>(text: string, name?: string): Entry<R> {
    return new Entry<R>(undefined, text, name)
  }

  get record(): R {
    if (this.#text !== undefined) {
      this.#record = JSON.parse(this.#text) as R // the store returns what `Table.item` wrote
      this.#text = undefined
    }
    return this.#record! // there is a text or a record
  }

  /** The record, or at least its name if that is all that is known without parsing. */
  get named(): R | { readonly name: string } {
    return this.#text !== undefined && this.#name !== undefined ? { name: this.#name } : this.record
  }
}

/** Returns the name of a stored record that begins with its id and its name; undefined if it does not. */
export function nameAtHead(text: string, id: string): string | undefined {
  const head = `{"id":"${id}","name":"`
  if (!text.startsWith(head)) return undefined
  const name = text.slice(head.length, text.indexOf('"', head.length))
  return name.includes('\\') ? undefined : name
}
