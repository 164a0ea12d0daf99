/** More than this deep, or this many items, is no operation's input. */
const deepest = 100
/** Values in a body, of CBOR or of JSON: more than 25 items of DynamoDB with a thousand attributes each. */
export const mostValues = 100_000

interface Cursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  items: number
}

/** The value of a CBOR text (RFC 8949); undefined if it is malformed, too deep, or followed by more. */
export function readCbor(bytes: Uint8Array): { readonly value: unknown } | undefined {
  const cursor: Cursor = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
    items: 0,
  }
  try {
    const value = readItem(cursor, 0)
    return cursor.at === bytes.length ? { value } : undefined
  } catch (thrown) {
    if (thrown instanceof RangeError || thrown instanceof TypeError) return undefined
    throw thrown
  }
}

const stop = Symbol('stop')
/** A byte order mark is a character of its text. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readItem(cursor: Cursor, depth: number): unknown {
  if (depth > deepest || ++cursor.items > mostValues) throw new RangeError('too much')
  const head = cursor.view.getUint8(cursor.at++)
  const [major, info] = [head >> 5, head & 31]
  if (major === 7) return readSimple(cursor, info)
  const length = info === 31 ? undefined : readLength(cursor, info)
  switch (major) {
    case 0:
      return definite(length)
    case 1:
      return -1 - definite(length)
    case 2:
      return readBytes(cursor, length, depth)
    case 3:
      return utf8.decode(readBytes(cursor, length, depth))
    case 4:
      return readArray(cursor, length, depth)
    case 5:
      return readMap(cursor, length, depth)
    default:
      return readItem(cursor, depth + 1) // a tag says only how its value is meant
  }
}

function definite(length: number | undefined): number {
  if (length === undefined) throw new RangeError('no length')
  return length
}

function readLength(cursor: Cursor, info: number): number {
  const { view, at } = cursor
  if (info < 24) return info
  if (info > 27) throw new RangeError('reserved')
  cursor.at += 1 << (info - 24)
  if (info === 24) return view.getUint8(at)
  if (info === 25) return view.getUint16(at)
  if (info === 26) return view.getUint32(at)
  return Number(view.getBigUint64(at))
}

function readSimple(cursor: Cursor, info: number): unknown {
  const { view, at } = cursor
  switch (info) {
    case 20:
      return false
    case 21:
      return true
    case 22:
    case 23:
      return undefined
    case 25:
      cursor.at += 2
      return halfOf(view.getUint16(at))
    case 26:
      cursor.at += 4
      return view.getFloat32(at)
    case 27:
      cursor.at += 8
      return view.getFloat64(at)
    case 31:
      return stop
    default:
      throw new RangeError('unknown simple value')
  }
}

function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

function readBytes(cursor: Cursor, length: number | undefined, depth: number): Uint8Array {
  if (length !== undefined) {
    const end = cursor.at + length
    if (end > cursor.bytes.length) throw new RangeError('too short')
    const piece = cursor.bytes.subarray(cursor.at, end)
    cursor.at = end
    return piece
  }
  const pieces: Uint8Array[] = []
  for (;;) {
    const item = readItem(cursor, depth + 1)
    if (item === stop) return Buffer.concat(pieces)
    if (typeof item === 'string') pieces.push(Buffer.from(item))
    else if (item instanceof Uint8Array) pieces.push(item)
    else throw new TypeError('no piece')
  }
}

function readArray(cursor: Cursor, length: number | undefined, depth: number): readonly unknown[] {
  const items: unknown[] = []
  while (length === undefined || items.length < length) {
    const item = readItem(cursor, depth + 1)
    if (item === stop) {
      if (length !== undefined) throw new TypeError('stop')
      break
    }
    items.push(item)
  }
  return items
}

function readMap(
  cursor: Cursor,
  length: number | undefined,
  depth: number,
): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>()
  for (let i = 0; length === undefined || i < length; i++) {
    const key = readItem(cursor, depth + 1)
    if (key === stop) {
      if (length !== undefined) throw new TypeError('stop')
      break
    }
    if (typeof key !== 'string' || entries.has(key)) throw new TypeError('no key')
    const value = readItem(cursor, depth + 1)
    if (value === stop) throw new TypeError('stop')
    entries.set(key, value)
  }
  return Object.fromEntries(entries)
}
