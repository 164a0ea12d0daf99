import * as zlib from 'node:zlib' // by its name: Node 22.15 is the first that has Zstandard
import { Damage, reason } from '../failure.ts'
import type { StoredEvent } from '../types.ts'
import { type EventHead, eventOf, headOf } from './head.ts'

/** The most events of a chunk. To read one event, its whole chunk is decompressed. */
export const eventsMost = 48

/** The most UTF-16 units of a chunk with several events. */
const lengthMost = 256 * 1024

/** The largest chunk, in bytes. */
const bytesMost = 16 * 1024 * 1024

/** The fastest level. Higher levels save little on records that are this similar. */
const press = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }

/** The first byte of a Zstandard frame (RFC 8878, 3.1.1). A text begins with `mark`. */
const pressedMark = 0x28

/** The decoder's buffer, in bytes: most chunks fit into it. */
const chunkSize = 64 * 1024

const mark = 'e'

/** The text of a chunk, which has no line for what is between the heads and the records. */
export interface EventPack {
  readonly count: number
  /** The first and the last time of its events. */
  readonly from: number
  readonly to: number
  /** The length of each record, a line for each head, then the records. */
  readonly text: string
}

/** An event of a chunk: its head as JSON and its record. Both are empty if the event was deleted. */
export interface ChunkLine {
  readonly head: string
  readonly json: string
}

/** Divides events into chunks, in their order. */
export function* chunksOf<Line extends ChunkLine>(lines: Iterable<Line>): Generator<Line[], undefined> {
  let chunk: Line[] = []
  let length = 0
  for (const line of lines) {
    const own = line.head.length + line.json.length
    if (chunk.length === eventsMost || (chunk.length > 0 && length + own > lengthMost)) {
      yield chunk
      chunk = []
      length = 0
    }
    chunk.push(line)
    length += own
  }
  if (chunk.length > 0) yield chunk
}

/** Returns the events as texts of chunks. A text is cheaper to pass between threads than objects. */
export function packEvents(events: readonly StoredEvent[]): EventPack[] {
  const lines = events.map((event) => ({
    head: JSON.stringify(headOf(event)),
    json: event.json,
    time: event.time,
  }))
  return Array.from(chunksOf(lines), (chunk) => {
    const times = chunk.map(({ time }) => time)
    return { count: chunk.length, from: Math.min(...times), to: Math.max(...times), text: textOf(chunk) }
  })
}

/** Returns the text of a chunk. */
export function textOf(lines: readonly ChunkLine[]): string {
  let [lengths, heads, records] = [mark, '', '']
  for (const { head, json } of lines) {
    lengths += ` ${json.length}`
    heads += `${head}\n`
    records += json
  }
  return `${lengths}\n${heads}${records}`
}

/**
 * Returns the text of a chunk as stored: compressed from a number of bytes on. @throws RangeError if it is larger than a
 * value may be
 */
export function sealed(text: string, pressedFrom: number): Uint8Array {
  const bytes = Buffer.from(text)
  if (bytes.length > bytesMost) throw new RangeError(`an event is larger than ${bytesMost} bytes`)
  return bytes.length < pressedFrom ? bytes : zlib.zstdCompressSync(bytes, press)
}

/** The facts about a chunk before it is read: how many events it has, their last time, and their sequence numbers. */
interface Known {
  readonly count?: number
  readonly to?: number
  readonly sequences?: readonly number[] | undefined
}

/** Events with their whole records, nearly always consecutive. An event's place counts from 0. */
export class EventChunk {
  readonly last: number
  /** The last time of its events, or infinity if that is not known. */
  readonly to: number
  readonly text: string
  readonly #count: number | undefined
  readonly #sequences: readonly number[] | undefined
  #parts: Parts | undefined
  readonly #heads: EventHead[] = []

  /**
   * `last` is the sequence number of the last event; `known` is what is known from elsewhere. The text is parsed when an
   * event is read: that throws Damage if it is no text of such a chunk.
   */
  constructor(last: number, text: string, known: Known = {}) {
    const { sequences, count = sequences?.length, to = Number.POSITIVE_INFINITY } = known
    this.last = last
    this.to = to
    this.text = text
    this.#count = count
    this.#sequences = sequences
  }

  /** Opens the result of `sealed`. */
  static open(last: number, bytes: Uint8Array, known?: Known): EventChunk {
    return new EventChunk(last, textIn(bytes), known)
  }

  /** Makes a chunk of consecutive events. */
  static of(last: number, lines: readonly ChunkLine[]): EventChunk {
    const chunk = new EventChunk(last, textOf(lines), { count: lines.length })
    const starts = [chunk.text.length]
    for (const { json } of lines.toReversed()) starts.push(starts.at(-1)! - json.length) // there is one
    chunk.#parts = { lines: lines.map(({ head }) => head), starts: starts.reverse() }
    return chunk
  }

  get count(): number {
    return this.#count ?? this.#read().lines.length
  }

  /** The sequence number of the first event. */
  get first(): number {
    return this.sequence(0)
  }

  /** Returns the sequence number of an event. */
  sequence(place: number): number {
    return this.#sequences ? (this.#sequences[place] ?? this.last) : this.last - this.count + 1 + place
  }

  /** Returns the head of an event as JSON, or an empty text if the event was deleted. */
  line(place: number): string {
    return this.#read().lines[place] ?? ''
  }

  /** Returns the head of an event, or undefined if the event was deleted. */
  head(place: number): EventHead | undefined {
    const line = this.line(place)
    if (line === '') return undefined
    try {
      this.#heads[place] ??= JSON.parse(line) as EventHead // the JSON of a head
    } catch (error) {
      throw unreadable(error)
    }
    return this.#heads[place]
  }

  /** Returns whether the head of an event may contain a text as JSON. Most heads need not be parsed. */
  mayHave(place: number, text: string): boolean {
    return this.#heads[place] !== undefined || this.line(place).includes(text)
  }

  /** Returns the record of an event. */
  json(place: number): string {
    const { starts } = this.#read()
    return this.text.slice(starts[place], starts[place + 1])
  }

  /** Returns an event, or undefined if it was deleted. */
  event(place: number): StoredEvent | undefined {
    const head = this.head(place)
    return head && eventOf(head, this.json(place))
  }

  /** Returns the events' heads, without the deleted ones. */
  heads(): EventHead[] {
    return this.#read()
      .lines.map((_, place) => this.head(place))
      .filter((head) => head !== undefined)
  }

  /** Returns the events as lines: those to be forgotten are empty. */
  lines(isForgotten: (head: EventHead, place: number) => boolean): ChunkLine[] {
    return this.#read().lines.map((line, place) => {
      const head = line === '' ? undefined : this.head(place)
      if (head === undefined || isForgotten(head, place)) return { head: '', json: '' }
      return { head: line, json: this.json(place) }
    })
  }

  #read(): Parts {
    if (this.#parts) return this.#parts
    const { text } = this
    const { lines, lengths, start } = text.startsWith(mark) ? partsOf(text) : partsOfOld(text)
    const starts = [start]
    for (const length of lengths) starts.push(starts.at(-1)! + length) // there is one
    const count = this.#count ?? lines.length
    if (count === 0 || lengths.length !== count || lines.length !== count || starts.at(-1) !== text.length)
      throw new Damage('a chunk of events cannot be read: its lengths are wrong')
    this.#parts = { lines, starts }
    return this.#parts
  }
}

/** The parts of a chunk's text. */
interface Parts {
  /** The head of each event as JSON; an empty line if it was deleted. */
  readonly lines: readonly string[]
  /** Where each record begins, and where the last one ends. */
  readonly starts: readonly number[]
}

function textIn(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes
  const stored = Buffer.from(buffer, byteOffset, byteLength)
  if (stored[0] !== pressedMark) return stored.toString()
  try {
    return zlib.zstdDecompressSync(stored, { chunkSize, maxOutputLength: 2 * bytesMost }).toString()
  } catch (error) {
    throw unreadable(error)
  }
}

function partsOf(text: string) {
  const end = text.indexOf('\n')
  const lengths =
    end < 0
      ? []
      : text
          .slice(mark.length + 1, end)
          .split(' ')
          .map(Number)
  const lines: string[] = []
  let start = end + 1
  for (const _ of lengths) {
    const next = text.indexOf('\n', start)
    if (next < 0) break
    lines.push(text.slice(start, next))
    start = next + 1
  }
  return { lines, lengths, start }
}

/** A chunk of an earlier version: one line with the JSON of all heads, 0 for a deleted event, then the records. */
function partsOfOld(text: string) {
  try {
    const end = text.indexOf('\n')
    const heads: readonly (EventHead | 0)[] = JSON.parse(`[${text.slice(0, Math.max(0, end))}]`)
    return {
      lines: heads.map((head) => (head === 0 ? '' : JSON.stringify(head))),
      lengths: heads.map((head) => (head === 0 ? 0 : head[11])),
      start: end + 1,
    }
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): Damage {
  return new Damage(`a chunk of events cannot be read: ${reason(error).message}`)
}
