import * as zlib from 'node:zlib' // by its name: Node 20, which has no Zstandard, shall reach the line that says so
import type { StoredEvent } from '../types.ts'
import { bytesOfUnit, valueBytes } from './connection.ts'
import { type EventPack, eventOf, type HeadOrHole, hole, readHeads, writeHeads } from './event-pack.ts'
import { Damage, reason } from './failure.ts'
import type { SequenceForgetting } from './positions.ts'

/** From this size on, compression saves more time in writing than it costs. */
const pressedBytes = 16 * 1024

/**
 * The first bytes of a compressed chunk, a Zstandard frame (RFC 8878, 3.1.1). A plain chunk begins with a head or with
 * a hole.
 */
const pressedMark = 0x28

/** The fastest level. Higher levels save little on records that are this similar. */
const press = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }

/** The buffer in which chunks are written before compression. A new buffer for each would cost garbage collection. */
const scratch = Buffer.allocUnsafeSlow(1024 * 1024)

/**
 * Returns the packs as one chunk, as stored in the file. The result is valid until the next call. @throws RangeError
 * if it is larger than a value may be
 */
export function sealChunk(packs: readonly EventPack[]): Uint8Array {
  const heads = packs.map((pack) => pack.heads).join(',')
  const text = `${heads}\n${packs.map((pack) => pack.records).join('')}`
  const fits = text.length * bytesOfUnit <= scratch.length
  const bytes = fits ? scratch.subarray(0, scratch.write(text)) : Buffer.from(text)
  if (bytes.length > valueBytes) throw new RangeError(`an event is larger than ${valueBytes} bytes`)
  return bytes.length < pressedBytes ? bytes : zlib.zstdCompressSync(bytes, press)
}

/** A chunk that was read from the file: consecutive events with their whole records. */
export class EventChunk {
  /** The sequence number of the first event. */
  readonly first: number
  readonly heads: readonly HeadOrHole[]
  readonly #records: string
  /** The offset of each record. */
  readonly #starts: readonly number[]

  /** Opens the result of `sealChunk`. `last` is the sequence number of its last event. */
  constructor(last: number, sealed: Uint8Array) {
    const { heads, records } = unseal(sealed)
    this.heads = heads
    this.#records = records
    this.first = last - this.heads.length + 1
    let start = 0
    this.#starts = this.heads.map((head) => {
      const here = start
      if (head !== hole) start += head[11]
      return here
    })
  }

  get last(): number {
    return this.first + this.heads.length - 1
  }

  /** Returns the event with a sequence number of this chunk, or undefined if it was deleted. */
  event(sequence: number): StoredEvent | undefined {
    const position = sequence - this.first
    const head = this.heads[position] ?? hole
    return head === hole ? undefined : eventOf(head, this.#record(position, head[11]))
  }

  /** Returns the record of an event of this chunk, or an empty text if it was deleted. */
  json(sequence: number): string {
    const position = sequence - this.first
    const head = this.heads[position] ?? hole
    return head === hole ? '' : this.#record(position, head[11])
  }

  /** Returns the same chunk with a hole for each event that is older than an instant, or up to a sequence number. */
  without({ before, upTo }: SequenceForgetting): EventPack {
    const heads = this.heads.map((head, position) =>
      head === hole || head[0] < before || this.first + position <= upTo ? hole : head,
    )
    const records = heads.map((head, position) => (head === hole ? '' : this.#record(position, head[11])))
    return { count: heads.length, heads: writeHeads(heads), records: records.join('') }
  }

  #record(position: number, length: number): string {
    const start = this.#starts[position]!
    return this.#records.slice(start, start + length)
  }
}

/** Returns the result of `sealChunk` as plain bytes, which `EventChunk` accepts as well. */
export function openChunk(sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes[0] !== pressedMark) return bytes
  try {
    return zlib.zstdDecompressSync(bytes, { chunkSize: roomFor(bytes), maxOutputLength: 2 * valueBytes })
  } catch (error) {
    throw unreadable(error)
  }
}

/**
 * Returns the bytes in which the decoder opens a frame at once: what the frame's header says, and a little more, or else
 * the decoder allocates a second buffer. That takes half the time of buffers of one fixed size.
 */
function roomFor(frame: Buffer): number {
  return Math.min(contentSize(frame) ?? 128 * 1024, 2 * valueBytes) + 64
}

/** Returns the size that a Zstandard frame says its content has (RFC 8878, 3.1.1.1), or undefined if it says none. */
export function contentSize(frame: Buffer): number | undefined {
  const descriptor = frame[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionary
  const width = descriptor >> 6
  if ((width === 0 && !isSingleSegment) || frame.length < at + 2 ** width) return undefined
  if (width === 0) return frame.readUInt8(at)
  if (width === 1) return frame.readUInt16LE(at) + 256
  return width === 2 ? frame.readUInt32LE(at) : Number(frame.readBigUInt64LE(at))
}

function unseal(sealed: Uint8Array): { heads: readonly HeadOrHole[]; records: string } {
  try {
    const text = openChunk(sealed).toString()
    const headsEnd = text.indexOf('\n')
    if (headsEnd < 0) throw new Error('it has no heads')
    return { heads: readHeads(text.slice(0, headsEnd)), records: text.slice(headsEnd + 1) }
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): Damage {
  return new Damage(`a chunk of events cannot be read: ${reason(error).message}`)
}
