import type { JsonNode, JsonString, Lines, Span } from '@omen-iam/policy'
import type { UnknownValue } from './source.ts'

/** A document as JSON text, and the way back from places in it to places in the file. */
export interface Printed {
  readonly text: string
  readonly unknown: readonly UnknownValue[]
  place(span: Span): Span
}

/** Why a value is unknown, by its placeholder string. */
export type UnknownTexts = ReadonlyMap<JsonNode, string>

/** Represents the unknown part of a text; no context key has this name, so it never matches. */
export const unknownPart = '${unknown}'

/** The placeholder of a wholly unknown value, by its element: it is well formed there, and matches nothing. */
const wholeValues: Readonly<Record<string, string | undefined>> = {
  Resource: `arn:*:${unknownPart}:*:*:*`,
  NotResource: `arn:*:${unknownPart}:*:*:*`,
  AWS: 'arn:aws:iam::000000000000:role/unknown',
  Service: 'unknown.amazonaws.com',
  Action: 'unknown:Unknown',
  NotAction: 'unknown:Unknown',
}

/** Writes a document as JSON and records where each value came from. */
export function print(root: JsonNode, lines: Lines, unknownTexts: UnknownTexts): Printed {
  const printer = new Printer(unknownTexts)
  printer.value(root, '')
  const { starts, ends, unknown } = printer
  return {
    text: printer.text(),
    unknown,
    place(span) {
      const start = before(starts, span.start.offset) ?? root.start
      const end = exactly(ends, span.end.offset) ?? start
      return lines.span(start, Math.max(start, end))
    },
  }
}

/** Pairs of an offset in the text and one in the file, in the order of the text. */
type Places = (readonly [text: number, file: number])[]

class Printer {
  readonly starts: Places = []
  readonly ends: Places = []
  readonly unknown: UnknownValue[] = []
  readonly #pieces: string[] = []
  readonly #unknownTexts: UnknownTexts
  #length = 0

  constructor(unknownTexts: UnknownTexts) {
    this.#unknownTexts = unknownTexts
  }

  text(): string {
    return this.#pieces.join('')
  }

  value(node: JsonNode, element: string): void {
    const start = this.#length
    this.starts.push([start, node.start])
    switch (node.type) {
      case 'string':
        this.#string(node, element)
        break
      case 'scalar':
        this.#write(node.raw)
        break
      case 'list':
        this.#write('[')
        for (const [index, item] of node.items.entries()) {
          if (index > 0) this.#write(',')
          this.value(item, element)
        }
        this.#write(']')
        break
      case 'object':
        this.#write('{')
        for (const [index, { key, value }] of node.members.entries()) {
          if (index > 0) this.#write(',')
          this.value(key, '')
          this.#write(':')
          this.value(value, key.value)
        }
        this.#write('}')
        break
    }
    this.ends.push([this.#length, node.end])
  }

  #string(node: JsonString, element: string): void {
    const dependsOn = this.#unknownTexts.get(node)
    const start = this.#length
    const whole = node.value === unknownPart ? wholeValues[element] : undefined
    this.#write(JSON.stringify(whole ?? node.value))
    if (dependsOn !== undefined) this.unknown.push({ start, end: this.#length, dependsOn })
  }

  #write(text: string): void {
    this.#pieces.push(text)
    this.#length += text.length
  }
}

/** The place of the value that begins at the offset, or of the last that begins before. */
function before(places: Places, offset: number): number | undefined {
  const found = lastAtOrBefore(places, offset)
  return found === undefined ? undefined : places[found]?.[1]
}

function exactly(places: Places, offset: number): number | undefined {
  const found = lastAtOrBefore(places, offset)
  const pair = found === undefined ? undefined : places[found]
  return pair?.[0] === offset ? pair[1] : undefined
}

function lastAtOrBefore(places: Places, offset: number): number | undefined {
  let low = 0
  let high = places.length - 1
  if ((places[0]?.[0] ?? Number.POSITIVE_INFINITY) > offset) return undefined
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((places[middle]?.[0] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
