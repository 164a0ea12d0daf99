/** A document of a dump, as the text that it occupies. Its values are not built. */
export class Slice {
  readonly start: number
  readonly text: string

  constructor(start: number, text: string) {
    this.start = start
    this.text = text
  }
}

/** A value of a dump. */
export type DumpValue =
  | string
  | number
  | boolean
  | null
  | Slice
  | readonly DumpValue[]
  | { readonly [key: string]: DumpValue }

/** Members that hold a policy document. */
const documents: ReadonlySet<string> = new Set(['PolicyDocument', 'AssumeRolePolicyDocument', 'Document'])

const deepest = 64

/**
 * Reads a dump in one pass. Policy documents stay texts: they are most of a dump, many are equal, and each is parsed
 * with its positions later. Returns undefined if the text is not of that form; `parseJson` says why.
 */
export function readDump(text: string): DumpValue | undefined {
  const reader = new Reader(text)
  const value = reader.value(0)
  if (value === undefined) return undefined
  reader.space()
  return reader.at < text.length ? undefined : value
}

const QUOTE = 34
const BACKSLASH = 92

class Reader {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
  }

  space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at++
    }
  }

  value(depth: number): DumpValue | undefined {
    if (depth > deepest) return undefined
    this.space()
    switch (this.#text.charCodeAt(this.at)) {
      case QUOTE:
        return this.#string()
      case 123:
        return this.#object(depth)
      case 91:
        return this.#list(depth)
      default:
        return this.#scalar()
    }
  }

  #object(depth: number): DumpValue | undefined {
    this.at++
    const found: Record<string, DumpValue> = {}
    this.space()
    if (this.#skip(125)) return found
    for (;;) {
      this.space()
      if (this.#text.charCodeAt(this.at) !== QUOTE) return undefined
      const key = this.#string()
      this.space()
      if (key === undefined || !this.#skip(58)) return undefined
      this.space()
      const value =
        documents.has(key) && this.#text.charCodeAt(this.at) === 123 ? this.#slice() : this.value(depth + 1)
      if (value === undefined) return undefined
      if (key !== '__proto__') found[key] = value
      this.space()
      if (this.#skip(125)) return found
      if (!this.#skip(44)) return undefined
    }
  }

  #list(depth: number): DumpValue | undefined {
    this.at++
    const found: DumpValue[] = []
    this.space()
    if (this.#skip(93)) return found
    for (;;) {
      const value = this.value(depth + 1)
      if (value === undefined) return undefined
      found.push(value)
      this.space()
      if (this.#skip(93)) return found
      if (!this.#skip(44)) return undefined
    }
  }

  /** An object by its braces. What is between them is read when the document is parsed. */
  #slice(): Slice | undefined {
    const start = this.at
    let open = 0
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (Number.isNaN(code)) return undefined
      if (code === QUOTE) {
        if (!this.#pastString()) return undefined
        continue
      }
      this.at++
      if (code === 123) open++
      else if (code === 125 && --open === 0) return new Slice(start, this.#text.slice(start, this.at))
    }
  }

  /** Moves behind a string. */
  #pastString(): boolean {
    for (let at = this.at + 1; ; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === QUOTE) {
        this.at = at + 1
        return true
      }
      if (code === BACKSLASH) at++
      else if (!(code >= 32)) return false
    }
  }

  #string(): string | undefined {
    const start = this.at
    if (!this.#pastString()) return undefined
    const plain = this.#text.slice(start + 1, this.at - 1)
    if (!plain.includes('\\')) return plain
    try {
      return JSON.parse(this.#text.slice(start, this.at)) as string // a text between quotes is a string
    } catch {
      return undefined
    }
  }

  #scalar(): DumpValue | undefined {
    const start = this.at
    while (/[\w+.-]/.test(this.#text.charAt(this.at))) this.at++
    try {
      return JSON.parse(this.#text.slice(start, this.at)) as number | boolean | null // nothing else is of such letters
    } catch {
      return undefined
    }
  }

  #skip(code: number): boolean {
    if (this.#text.charCodeAt(this.at) !== code) return false
    this.at++
    return true
  }
}
