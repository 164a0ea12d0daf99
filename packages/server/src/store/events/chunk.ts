import * as zlib from 'node:zlib' // by its name: Node 22.15 is the first that has Zstandard
import { Damage, reason } from '../failure.ts'
import type { StoredEvent } from '../types.ts'
import { type EventHead, eventOf, headOf } from './head.ts'

/** The most events of a chunk. To read one event, its whole chunk is decompressed. */
export const eventsMost = 48

/** The most UTF-16 units of a chunk with several events. */
export const lengthMost = 256 * 1024

/** The largest chunk, in bytes. */
const bytesMost = 16 * 1024 * 1024

const press = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }

/** The compression of the chunks of a block. To open a small one takes a quarter of what Zstandard takes, of any size. */
const pressTogether = { level: 6, windowBits: 13, memLevel: 6 } as const

/** The first byte of a Zstandard frame (RFC 8878, 3.1.1), and of zlib's format with that window (RFC 1950, 2.2). */
const marks = { zstd: 0x28, zlib: 0x58 } as const

/** The limits of the decoder: most chunks fit into its buffer. */
const release = { chunkSize: 64 * 1024, maxOutputLength: 2 * bytesMost }

/** The first character of a text. */
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
export function* chunksOf<Line extends ChunkLine>(
  lines: Iterable<Line>,
  most: number = eventsMost,
  longest: number = lengthMost,
): Generator<Line[], undefined> {
  let chunk: Line[] = []
  let length = 0
  for (const line of lines) {
    const own = line.head.length + line.json.length
    if (chunk.length === most || (chunk.length > 0 && length + own > longest)) {
      yield chunk
      chunk = []
      length = 0
    }
    chunk.push(line)
    length += own
  }
  if (chunk.length > 0) yield chunk
}

/** Returns the events as texts of chunks, with their heads. */
export function packsOf(events: readonly StoredEvent[]): (EventPack & { readonly heads: EventHead[] })[] {
  const lines = events.map((event) => {
    const parsed = headOf(event)
    return { parsed, head: JSON.stringify(parsed), json: event.json }
  })
  return Array.from(chunksOf(lines), (chunk) => {
    const heads = chunk.map(({ parsed }) => parsed)
    return { heads, count: chunk.length, ...timesOf(heads), text: textOf(chunk) }
  })
}

/** Returns the events as texts of chunks. A text is cheaper to pass between threads than objects. */
export function packEvents(events: readonly StoredEvent[]): EventPack[] {
  return packsOf(events).map(({ count, from, to, text }) => ({ count, from, to, text }))
}

/** Returns the first and the last time of events. */
export function timesOf(heads: readonly EventHead[]): Times {
  const times = heads.map(([time]) => time)
  return { from: Math.min(...times), to: Math.max(...times) }
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
 * Returns the text of a chunk as stored: compressed from a number of bytes on, in a block with the dictionary that `open` needs
 * again. @throws RangeError if it is larger than a value may be
 */
export function sealed(text: string, pressedFrom: number, dictionary?: Uint8Array): Uint8Array {
  const bytes = Buffer.from(text)
  if (bytes.length > bytesMost) throw new RangeError(`an event is larger than ${bytesMost} bytes`)
  if (bytes.length < pressedFrom) return bytes
  return dictionary === undefined
    ? zlib.zstdCompressSync(bytes, press)
    : zlib.deflateSync(bytes, { ...pressTogether, dictionary })
}

/** The first and the last time of some events. */
interface Times {
  readonly from: number
  readonly to: number
}

const ever: Times = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** Consecutive events with their whole records. An event's place in the chunk counts from 0. */
export class EventChunk {
  /** The sequence numbers of the first and the last event. */
  readonly first: number
  readonly last: number
  /** The first and the last time of its events, or infinity if that is not known. */
  readonly from: number
  readonly to: number
  readonly text: string
  #parts: Parts | undefined
  readonly #heads: EventHead[] = []

  /** The text is parsed when an event is read: that throws Damage if it is no text of so many events. */
  constructor(first: number, last: number, text: string, { from, to }: Times = ever) {
    this.first = first
    this.last = last
    this.from = from
    this.to = to
    this.text = text
  }

  /** Opens the result of `sealed`. */
  static open(
    first: number,
    last: number,
    bytes: Uint8Array,
    times?: Times,
    dictionary?: Uint8Array,
  ): EventChunk {
    return new EventChunk(first, last, textIn(bytes, dictionary), times)
  }

  /** Opens the result of `sealed`, where nothing says how many events it has. */
  static openUpTo(last: number, bytes: Uint8Array): EventChunk {
    const text = textIn(bytes)
    return new EventChunk(last - partsOf(text).lines.length + 1, last, text)
  }

  get count(): number {
    return this.last - this.first + 1
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

  /** Returns the events' lines, with the empty ones of deleted events. */
  lines(): ChunkLine[] {
    return this.#read().lines.map((head, place) => ({ head, json: this.json(place) }))
  }

  #read(): Parts {
    if (this.#parts) return this.#parts
    const { text, count } = this
    const { lines, lengths, start } = partsOf(text)
    const starts = [start]
    for (const length of lengths) starts.push(starts.at(-1)! + length) // there is one
    if (count === 0 || lengths.length !== count || lines.length !== count || starts.at(-1) !== text.length)
      throw new Damage('a chunk of events cannot be read: its lengths are wrong')
    this.#parts = { lines, starts }
    return this.#parts
  }
}

/**
 * Returns the events of chunks as one chunk, from a sequence number to another. The line is empty of a number that no chunk has, and of
 * an event that is deleted or to be forgotten.
 */
export function joined(
  first: number,
  last: number,
  chunks: Iterable<EventChunk>,
  isForgotten?: (time: number, sequence: number) => boolean,
): EventChunk {
  const lines = Array.from({ length: last - first + 1 }, () => ({ head: '', json: '' }))
  for (const chunk of chunks)
    for (const [place, line] of chunk.lines().entries()) {
      const sequence = chunk.first + place
      const head = isForgotten && chunk.head(place)
      if (sequence >= first && !(head && isForgotten(head[0], sequence))) lines[sequence - first] = line
    }
  return new EventChunk(first, last, textOf(lines))
}

/** The parts of a chunk's text. */
interface Parts {
  /** The head of each event as JSON; an empty line if it was deleted. */
  readonly lines: readonly string[]
  /** Where each record begins, and where the last one ends. */
  readonly starts: readonly number[]
}

function textIn(bytes: Uint8Array, dictionary?: Uint8Array): string {
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (stored[0] === marks.zstd) return zlib.zstdDecompressSync(stored, release).toString()
    if (stored[0] !== marks.zlib) return stored.toString()
    return zlib.inflateSync(stored, { maxOutputLength: release.maxOutputLength, dictionary }).toString()
  } catch (error) {
    throw unreadable(error)
  }
}

function partsOf(text: string) {
  const end = text.indexOf('\n')
  if (!text.startsWith(mark)) return partsOfOld(text, end)
  const lengths = end < 0 ? [] : text.slice(mark.length + 1, end).split(' ')
  const lines: string[] = []
  let start = end + 1
  for (const _ of lengths) {
    const next = text.indexOf('\n', start)
    if (next < 0) break
    lines.push(text.slice(start, next))
    start = next + 1
  }
  return { lines, lengths: lengths.map(Number), start }
}

/** A chunk of an earlier version: one line with the JSON of all heads, 0 for a deleted event, then the records. */
function partsOfOld(text: string, end: number) {
  try {
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
