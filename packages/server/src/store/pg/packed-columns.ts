import * as zlib from 'node:zlib' // by its name: see event-chunk.ts
import { contentSize } from '../sqlite/event-chunk.ts'
import { accountTerm, columns, type EventColumns, readOnlyTerm } from '../sqlite/event-columns.ts'
import { type HeadOrHole, hole } from '../sqlite/event-pack.ts'
import { Damage, reason } from '../sqlite/failure.ts'
import { aligned, hashOf } from '../sqlite/postings.ts'

/**
 * The columns of the events of one row, as numbers of 32 bits in the machine's byte order:
 *
 * - version, number of events, number of resources, 1 if times are whole (0 if not), and the first time in 64 bits;
 * - the times: after the first one in milliseconds if they are whole, else in 64 bits each;
 * - a shape for each event: see `shapes`;
 * - hashes of the columns `everyEvent`, all events of the first one, then of the next; 0 where an event has no value;
 * - hashes of the types of all resources, then of their names.
 */
const version = 1

/** The numbers before the times. */
const start = 6

/** Bits of a shape. The number of resources is above them. */
const shapes = { isHole: 1, hasUsername: 2, hasKey: 4, resources: 8 } as const

/** The columns with at most one value for each event. */
const everyEvent = [
  columns.account,
  columns.region,
  columns.EventId,
  columns.EventName,
  columns.EventSource,
  columns.Username,
  columns.AccessKeyId,
  columns.ReadOnly,
] as const

/** From this size on, in bytes, compression pays: repeated values of many events. */
const pressedBytes = 1024

/** The first number of a Zstandard frame (RFC 8878, 3.1.1), which no version is. */
const pressedMark = 0xfd2fb528

const press = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }

/** Events of a row, and resources of them, are never so many. */
const wordsMost = 64 * 1024 * 1024

/** Returns what look-ups search in the events of one row. */
export function packColumns(heads: readonly HeadOrHole[]): Uint8Array {
  const count = heads.length
  let resources = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let areWhole = true
  for (const head of heads) {
    if (head === hole) continue
    resources += head[10].length / 2
    first = Math.min(first, head[0])
    last = Math.max(last, head[0])
    areWhole &&= Number.isInteger(head[0])
  }
  if (first > last) first = last = 0 // there are only holes
  areWhole &&= last - first < 2 ** 32
  const timeWords = areWhole ? count : 2 * count
  const words = new Uint32Array(start + timeWords + count * (1 + everyEvent.length) + 2 * resources)
  words[0] = version
  words[1] = count
  words[2] = resources
  words[3] = areWhole ? 1 : 0
  const floats = new Float64Array(words.buffer, 0, (start + timeWords) >> 1)
  floats[start / 2 - 1] = first
  const shapeAt = start + timeWords
  const valuesAt = shapeAt + count
  let typeAt = valuesAt + everyEvent.length * count
  for (let at = 0; at < count; at++) {
    const head = heads[at]! // below its length
    if (head === hole) {
      words[shapeAt + at] = shapes.isHole
      continue
    }
    const [time, , region, id, name, source, username, accessKeyId, , , flat] = head
    if (areWhole) words[start + at] = time - first
    else floats[start / 2 + at] = time
    words[shapeAt + at] =
      (username === null ? 0 : shapes.hasUsername) +
      (accessKeyId === null ? 0 : shapes.hasKey) +
      (flat.length / 2) * shapes.resources
    let value = valuesAt + at
    for (const text of [accountTerm(head), region, id, name, source, username, accessKeyId]) {
      if (text !== null) words[value] = hashOf(text)
      value += count
    }
    words[value] = hashOf(readOnlyTerm(head))
    for (let index = 0; index < flat.length; index += 2, typeAt++) {
      words[typeAt] = hashOf(flat[index]!)
      words[typeAt + resources] = hashOf(flat[index + 1]!)
    }
  }
  const bytes = new Uint8Array(words.buffer)
  return bytes.length < pressedBytes ? bytes : zlib.zstdCompressSync(bytes, press)
}

/** Adds the events that `packColumns` packed. @throws Damage if they cannot be read */
export function unpackColumns(packed: Uint8Array, into: EventColumns): void {
  const words = wordsOf(packed)
  const [, count = 0, resources = 0, areWhole] = words
  const timeWords = areWhole === 1 ? count : 2 * count
  const shapeAt = start + timeWords
  const valuesAt = shapeAt + count
  let typeAt = valuesAt + everyEvent.length * count
  if (words[0] !== version || words.length !== typeAt + 2 * resources)
    throw new Damage('the columns of events cannot be read: their length is wrong')
  const floats = new Float64Array(words.buffer, words.byteOffset, (start + timeWords) >> 1)
  const first = floats[start / 2 - 1]!
  for (let at = 0; at < count; at++) {
    const shape = words[shapeAt + at]!
    if (shape & shapes.isHole) {
      into.open(undefined)
      continue
    }
    const position = into.open(areWhole === 1 ? first + words[start + at]! : floats[start / 2 + at]!)
    let value = valuesAt + at
    for (const column of everyEvent) {
      const isThere =
        column === columns.Username
          ? shape & shapes.hasUsername
          : column !== columns.AccessKeyId || shape & shapes.hasKey
      if (isThere) into.put(column, position, words[value]!)
      value += count
    }
    for (let left = Math.floor(shape / shapes.resources); left > 0; left--, typeAt++) {
      into.put(columns.ResourceType, position, words[typeAt]!)
      into.put(columns.ResourceName, position, words[typeAt + resources]!)
    }
  }
}

function wordsOf(packed: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = aligned(opened(packed))
  if (byteLength % 4 !== 0 || byteLength < 4 * start)
    throw new Damage('the columns of events cannot be read: they are cut off')
  return new Uint32Array(buffer, byteOffset, byteLength / 4)
}

function opened(packed: Uint8Array): Uint8Array {
  const frame = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  if (frame.length < 4 || frame.readUInt32LE() !== pressedMark) return packed
  try {
    const chunkSize = Math.min(contentSize(frame) ?? 128 * 1024, 4 * wordsMost) + 64
    return zlib.zstdDecompressSync(frame, { chunkSize, maxOutputLength: 4 * wordsMost })
  } catch (error) {
    throw new Damage(`the columns of events cannot be read: ${reason(error).message}`)
  }
}
