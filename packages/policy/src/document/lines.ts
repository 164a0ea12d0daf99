import type { Located } from './policy.ts'
import type { Position, Span } from './position.ts'

/** Converts offsets of one text to lines and columns. The table of lines is built on first use. */
export class Lines {
  readonly #text: string
  #starts: number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  span(start: number, end: number): Span {
    return new LazySpan(this, start, end)
  }

  located(value: string, start: number, end: number): Located {
    return new LazyLocated(this, value, start, end)
  }

  position(offset: number): Position {
    this.#starts ??= lineStarts(this.#text)
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { offset, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

/** A policy has thousands of spans, and few are read: a span keeps two offsets and counts lines on demand. */
class LazySpan implements Span {
  readonly #lines: Lines
  readonly #start: number
  readonly #end: number

  constructor(lines: Lines, start: number, end: number) {
    this.#lines = lines
    this.#start = start
    this.#end = end
  }

  get start(): Position {
    return this.#lines.position(this.#start)
  }

  get end(): Position {
    return this.#lines.position(this.#end)
  }

  toJSON(): { start: Position; end: Position } {
    return { start: this.start, end: this.end }
  }
}

class LazyLocated implements Located {
  readonly value: string
  readonly #lines: Lines
  readonly #start: number
  readonly #end: number

  constructor(lines: Lines, value: string, start: number, end: number) {
    this.value = value
    this.#lines = lines
    this.#start = start
    this.#end = end
  }

  get span(): Span {
    return this.#lines.span(this.#start, this.#end)
  }

  toJSON(): { value: string; span: Span } {
    return { value: this.value, span: this.span }
  }
}

/** A line ends with a line feed, a carriage return, or both (behaviour SIM-49). */
function lineStarts(text: string): number[] {
  const starts = [0]
  if (text.includes('\r')) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length)
    return starts
  }
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
