/** A value of a JSON text and the offsets it occupies. */
export type JsonNode = JsonString | JsonScalar | JsonList | JsonObject

export interface JsonString {
  readonly type: 'string'
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface JsonScalar {
  readonly type: 'scalar'
  readonly value: number | boolean | null
  /** As written: `1.50` stays `1.50`. */
  readonly raw: string
  readonly start: number
  readonly end: number
}

export interface JsonList {
  readonly type: 'list'
  readonly items: readonly JsonNode[]
  readonly start: number
  readonly end: number
}

export interface JsonMember {
  readonly key: JsonString
  readonly value: JsonNode
}

export interface JsonObject {
  readonly type: 'object'
  /** In the order of the text, duplicates included. */
  readonly members: readonly JsonMember[]
  readonly start: number
  readonly end: number
}

export interface JsonProblem {
  readonly type: 'problem'
  readonly message: string
  readonly start: number
  readonly end: number
}

/** Levels of nesting. A policy has seven; deeper texts could overflow the stack. */
const maxDepth = 32

/**
 * Reads a JSON text (RFC 8259) in one pass. Findings need the position of each value and duplicate keys, which
 * JSON.parse does not report. Returns a problem if the text nests deeper than `deepest`.
 */
export function parseJson(text: string, deepest = maxDepth): JsonNode | JsonProblem {
  const reader = new Reader(text, deepest)
  const node = reader.value(0)
  if (reader.problem !== undefined || node === undefined) return reader.problem ?? problemAt(0, 'no value')
  reader.space()
  return reader.at < text.length ? problemAt(reader.at, 'unexpected text behind the document') : node
}

function problemAt(start: number, message: string): JsonProblem {
  return { type: 'problem', message, start, end: start + 1 }
}

const quote = 34
const comma = 44
const colon = 58
const openList = 91
const backslash = 92
const closeList = 93
const openObject = 123
const closeObject = 125

class Reader {
  readonly text: string
  at = 0
  problem: JsonProblem | undefined
  readonly #deepest: number

  constructor(text: string, deepest: number) {
    this.text = text
    this.#deepest = deepest
  }

  space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at++
    }
  }

  value(depth: number): JsonNode | undefined {
    this.space()
    if (depth > this.#deepest) return this.fail('nested too deeply')
    const code = this.text.charCodeAt(this.at)
    if (code === quote) return this.string()
    if (code === openObject) return this.object(depth)
    if (code === openList) return this.list(depth)
    return this.scalar()
  }

  object(depth: number): JsonObject | undefined {
    const start = this.at++
    const members: JsonMember[] = []
    this.space()
    if (this.skip(closeObject)) return { type: 'object', members, start, end: this.at }
    for (;;) {
      this.space()
      if (this.text.charCodeAt(this.at) !== quote) return this.fail('a key in double quotes was expected')
      const key = this.string()
      if (key === undefined) return undefined
      this.space()
      if (!this.skip(colon)) return this.fail('":" was expected')
      const value = this.value(depth + 1)
      if (value === undefined) return undefined
      members.push({ key, value })
      this.space()
      if (this.skip(closeObject)) return { type: 'object', members, start, end: this.at }
      if (!this.skip(comma)) return this.fail('"," or "}" was expected')
    }
  }

  list(depth: number): JsonList | undefined {
    const start = this.at++
    const items: JsonNode[] = []
    this.space()
    if (this.skip(closeList)) return { type: 'list', items, start, end: this.at }
    for (;;) {
      const item = this.value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
      this.space()
      if (this.skip(closeList)) return { type: 'list', items, start, end: this.at }
      if (!this.skip(comma)) return this.fail('"," or "]" was expected')
    }
  }

  string(): JsonString | undefined {
    const start = this.at
    let at = start + 1
    for (;;) {
      const code = this.text.charCodeAt(at)
      if (code === quote) break
      if (code === backslash) return this.escapedString(start)
      if (!(code >= 32)) return this.failAt(at, 'a string does not end')
      at++
    }
    this.at = at + 1
    return { type: 'string', value: this.text.slice(start + 1, at), start, end: at + 1 }
  }

  /** A string with escapes: finds its end, and leaves the decoding to JSON.parse. */
  escapedString(start: number): JsonString | undefined {
    let at = start + 1
    for (;;) {
      const code = this.text.charCodeAt(at)
      if (code === quote) break
      if (!(code >= 32)) return this.failAt(at, 'a string does not end')
      at += code === backslash ? 2 : 1
    }
    this.at = at + 1
    try {
      // JSON.parse of a text between quotes returns a string or throws.
      const value = JSON.parse(this.text.slice(start, at + 1)) as string
      return { type: 'string', value, start, end: at + 1 }
    } catch {
      return this.failAt(start, 'a string has an unknown escape')
    }
  }

  scalar(): JsonScalar | undefined {
    const start = this.at
    let at = start
    while (isScalarPart(this.text.charCodeAt(at))) at++
    const raw = this.text.slice(start, at)
    const value = scalarValue(raw)
    if (value === undefined) return this.fail(raw === '' ? 'a value was expected' : 'unknown value')
    this.at = at
    return { type: 'scalar', value, raw, start, end: at }
  }

  skip(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false
    this.at++
    return true
  }

  fail(message: string): undefined {
    return this.failAt(this.at, message)
  }

  failAt(at: number, message: string): undefined {
    this.problem ??= problemAt(Math.min(at, this.text.length), message)
    return undefined
  }
}

function isScalarPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 43 ||
    code === 46 ||
    code === 69
  )
}

const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

function scalarValue(raw: string): number | boolean | null | undefined {
  if (raw === 'true') return true
  if (raw === 'false') return false
  if (raw === 'null') return null
  return numberForm.test(raw) ? Number(raw) : undefined
}
