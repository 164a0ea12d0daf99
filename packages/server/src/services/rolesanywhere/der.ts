/** A value of ASN.1 in its distinguished encoding. */
export interface Der {
  readonly tag: number
  /** The value alone. */
  readonly value: Buffer
  /** Tag, length and value. */
  readonly whole: Buffer
}

/** Values within one another that are read. */
const most = 20_000

/** Returns the values that are one after another in a buffer. @throws Error if they are not whole */
export function readAll(buffer: Buffer): readonly Der[] {
  const elements: Der[] = []
  for (let at = 0; at < buffer.length; ) {
    const one = readOne(buffer, at)
    elements.push(one)
    if (elements.length > most) throw new Error('too many values')
    at += one.whole.length
  }
  return elements
}

/** Returns the members of a sequence or a set. @throws Error */
export function members({ tag, value }: Der): readonly Der[] {
  if ((tag & 0x20) === 0) throw new Error('no members')
  return readAll(value)
}

function readOne(buffer: Buffer, at: number): Der {
  const tag = buffer[at]
  const first = buffer[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new Error('no value')
  let length = first
  let begin = at + 2
  if (first > 0x80) {
    const count = first - 0x80
    if (count > 4) throw new Error('too long')
    length = 0
    for (let n = 0; n < count; n++) length = length * 256 + (buffer[begin + n] ?? 0)
    begin += count
  } else if (first === 0x80) throw new Error('no length')
  const end = begin + length
  if (end > buffer.length) throw new Error('not whole')
  return { tag, value: buffer.subarray(begin, end), whole: buffer.subarray(at, end) }
}

/** Returns an object identifier with dots. @throws Error */
export function oidOf({ tag, value }: Der): string {
  if (tag !== 0x06) throw new Error('no identifier')
  const numbers: number[] = []
  let number = 0
  for (const byte of value) {
    number = number * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      numbers.push(number)
      number = 0
    }
  }
  const [head = 0, ...rest] = numbers
  const first = Math.min(Math.floor(head / 40), 2)
  return [first, head - first * 40, ...rest].join('.')
}

/** Returns the text of any of the kinds of strings. */
export function textOf({ tag, value }: Der): string {
  if (tag === 0x1e) return Buffer.from(value).swap16().toString('utf16le')
  return value.toString(tag === 0x0c ? 'utf8' : 'latin1')
}

/** Returns the instant of a time, in milliseconds. @throws Error */
export function timeOf({ tag, value }: Der): number {
  const text = value.toString('latin1')
  const year = tag === 0x17 ? (Number(text.slice(0, 2)) < 50 ? `20${text}` : `19${text}`) : text
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(year) ?? []
  if (y === undefined) throw new Error('no time')
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
}
