import * as zlib from 'node:zlib' // by its name: Node 20, which has no Zstandard, shall reach the line that says so
import type { Forgetting, StoredEvent } from '../types.ts'
import { bytesOfUnit, valueBytes } from './connection.ts'
import { type EventPack, eventOf, type HeadOrHole, hole, readHeads, writeHeads } from './event-pack.ts'
import { Damage, reason } from './failure.ts'

/** From so many bytes on, less to write and to carry over from the log is worth the time that it takes to press. */
const pressedBytes = 16 * 1024

/** Pressed chunks begin as Zstandard's frames do (RFC 8878, 3.1.1); plain ones with a head, or with a hole. */
const pressedMark = 0x28

/** The fastest level; higher ones save little more on records that are so much alike. */
const press = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }

const unpress = { chunkSize: 32 * 1024, maxOutputLength: 2 * valueBytes }

/** For those who open one chunk after another: twice as fast, for more memory at a time. */
const unpressMany = { ...unpress, chunkSize: 128 * 1024 }

/** Where chunks are written down before they are pressed: room for each anew would have to be swept away. */
const scratch = Buffer.allocUnsafeSlow(1024 * 1024)

/**
 * The packs as one chunk, as it stands in the file. Good until the next is sealed.
 * Throws where it would be larger than any value may be.
 */
export function sealChunk(packs: readonly EventPack[]): Uint8Array {
  const heads = packs.map((pack) => pack.heads).join(',')
  const text = `${heads}\n${packs.map((pack) => pack.records).join('')}`
  const fits = text.length * bytesOfUnit <= scratch.length
  const bytes = fits ? scratch.subarray(0, scratch.write(text)) : Buffer.from(text)
  if (bytes.length > valueBytes) throw new RangeError(`an event is larger than ${valueBytes} bytes`)
  return bytes.length < pressedBytes ? bytes : zlib.zstdCompressSync(bytes, press)
}

/** A chunk read from the file: events that follow each other, each whole. */
export class EventChunk {
  /** The sequence number of the first event. */
  readonly first: number
  readonly heads: readonly HeadOrHole[]
  readonly #records: string
  /** Where each record begins. */
  readonly #starts: readonly number[]

  /** Opens what `sealChunk` made. `last` is the sequence number of its last event. */
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

  /** The event with a sequence number of this chunk; undefined where it is forgotten. */
  event(sequence: number): StoredEvent | undefined {
    const position = sequence - this.first
    const head = this.heads[position] ?? hole
    return head === hole ? undefined : eventOf(head, this.#record(position, head[11]))
  }

  /** The record of an event of this chunk; empty where it is forgotten. */
  json(sequence: number): string {
    const position = sequence - this.first
    const head = this.heads[position] ?? hole
    return head === hole ? '' : this.#record(position, head[11])
  }

  /** The same chunk with a hole for each event that is older than an instant, or up to a sequence number. */
  without({ before, upTo }: Required<Forgetting>): EventPack {
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

/** What `sealChunk` made, as plain bytes: `EventChunk` takes these as well. `many` suits a search of all chunks. */
export function openChunk(sealed: Uint8Array, many = false): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  try {
    return bytes[0] === pressedMark ? zlib.zstdDecompressSync(bytes, many ? unpressMany : unpress) : bytes
  } catch (error) {
    throw unreadable(error)
  }
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
