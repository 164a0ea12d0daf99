/**
 * Arrays as parameters in PostgreSQL's binary format (`array_send`): the number of dimensions, whether elements may be null, the
 * type of the elements, the length, the first index, and each element with its length. The driver's own form is text, in which
 * each quotation mark and each byte has to be escaped here and parsed there.
 */

/** Types of elements, by their numbers in the catalogue `pg_type`. */
const types = { bytea: 17, int8: 20, int4: 23, text: 25, float8: 701, uuid: 2950 } as const

const headBytes = 20

/** The length of an element that is null. */
const noValue = -1

/** Where arrays of texts are written before their length is known. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024)

/** A UTF-16 unit takes at most so many bytes in UTF-8. */
const bytesOfUnit = 3

export function int4Array(values: readonly number[]): Buffer {
  const array = begin(types.int4, values.length, values.length * 8)
  let at = headBytes
  for (const value of values) {
    at = array.writeInt32BE(4, at)
    at = array.writeInt32BE(value, at)
  }
  return array
}

/** Returns an array of `bigint`. The values are safe integers, or such numbers in digits. */
export function int8Array(values: readonly (number | string)[]): Buffer {
  const array = begin(types.int8, values.length, values.length * 12)
  let at = headBytes
  for (const value of values) {
    const number = Number(value)
    const high = Math.floor(number / 2 ** 32)
    at = array.writeInt32BE(8, at)
    at = array.writeInt32BE(high, at)
    at = array.writeUInt32BE(number - high * 2 ** 32, at)
  }
  return array
}

export function float8Array(values: readonly number[]): Buffer {
  const array = begin(types.float8, values.length, values.length * 12)
  let at = headBytes
  for (const value of values) {
    at = array.writeInt32BE(8, at)
    at = array.writeDoubleBE(value, at)
  }
  return array
}

/** Returns an array of `uuid`. */
export function uuidArray(values: readonly (string | null | undefined)[]): Buffer {
  const array = begin(types.uuid, values.length, values.length * 20)
  let at = headBytes
  for (const value of values)
    if (value == null) at = array.writeInt32BE(noValue, at)
    else {
      at = array.writeInt32BE(16, at)
      at += array.write(value.replaceAll('-', ''), at, 'hex')
    }
  return array.subarray(0, at)
}

/** Returns an array of `text`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let most = headBytes
  for (const value of values) most += 4 + (value === null ? 0 : value.length * bytesOfUnit)
  const array = most <= scratch.length ? scratch : Buffer.allocUnsafe(most)
  let at = writeHead(array, types.text, values.length)
  for (const value of values)
    if (value === null) at = array.writeInt32BE(noValue, at)
    else {
      const length = array.write(value, at + 4)
      array.writeInt32BE(length, at)
      at += 4 + length
    }
  return array === scratch ? Buffer.from(scratch.subarray(0, at)) : array.subarray(0, at)
}

/** Returns an array of `bytea`. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((sum, { length }) => sum + 4 + length, 0)
  const array = begin(types.bytea, values.length, bytes)
  let at = headBytes
  for (const value of values) {
    at = array.writeInt32BE(value.length, at)
    array.set(value, at)
    at += value.length
  }
  return array
}

/** Returns an array without its elements. */
function begin(type: number, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(headBytes + bytes)
  const end = writeHead(array, type, length)
  return length === 0 ? array.subarray(0, end) : array
}

/** Writes the head of an array, and returns where it ends: an empty array has no dimension. */
function writeHead(array: Buffer, type: number, length: number): number {
  array.writeInt32BE(length === 0 ? 0 : 1, 0)
  array.writeInt32BE(1, 4)
  array.writeInt32BE(type, 8)
  if (length === 0) return 12
  array.writeInt32BE(length, 12)
  return array.writeInt32BE(1, 16)
}
