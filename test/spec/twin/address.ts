/** An address as the text of its bits, 32 or 128 of them. */
type Bits = string

export interface Range {
  readonly address: Bits
  readonly length: number
}

/** POL-206: an address of a request. The last 32 bits of ::ffff:0:0/96 are an IPv4 address. */
export function readRequested(text: string): Bits | undefined {
  const tail = /^(.*:)([\d.]+)$/.exec(text)
  const dotted = tail?.[2]?.includes('.') ? readDotted(tail[2]) : undefined
  const bits =
    dotted === undefined ? readPlain(text) : readPlain(`${tail?.[1]}${hex(dotted, 0)}:${hex(dotted, 16)}`)
  const mapped = '0'.repeat(80) + '1'.repeat(16)
  if (bits?.length === 128 && bits.startsWith(mapped)) return bits.slice(96)
  return dotted === undefined ? bits : undefined
}

/** POL-205: an address or network of a policy. */
export function readNetwork(text: string): Range | undefined {
  const [, base = '', written] = /^([^/]*)(?:\/(.*))?$/s.exec(text) ?? []
  const address = readPlain(base)
  if (address === undefined) return undefined
  if (written === undefined) return { address, length: address.length }
  const length = /^\+?\d+$/.test(written) ? Number(written) : 129
  if (length > address.length) return undefined
  // IPv4 networks may have bits behind their prefix, IPv6 ones may not.
  return address.length === 128 && address.slice(length).includes('1') ? undefined : { address, length }
}

export function inNetwork(address: Bits, range: Range): boolean {
  return (
    address.length === range.address.length &&
    address.slice(0, range.length) === range.address.slice(0, range.length)
  )
}

function readPlain(text: string): Bits | undefined {
  return text.includes(':') ? readGroups(text) : readDotted(text)
}

function readDotted(text: string): Bits | undefined {
  const bytes = /^\d+(\.\d+){3}$/.test(text) ? text.split('.').map(Number) : []
  if (bytes.length !== 4 || bytes.some((each) => each > 255)) return undefined
  return bytes.map((each) => each.toString(2).padStart(8, '0')).join('')
}

/** POL-207: one run of two or three colons; a colon too many at the end is dropped, one at the start follows a zero. */
function readGroups(text: string): Bits | undefined {
  const runs = text.match(/:{2,}/g) ?? []
  if (runs.length > 1 || (runs[0]?.length ?? 0) > 3) return undefined
  const [before = '', behind] = text.split(/:{2,}/)
  const first = before.startsWith(':') ? `0${before}` : before
  const last = (behind ?? first).replace(/:$/, '')
  const head = behind === undefined ? groupsOf(last) : groupsOf(first)
  const tail = behind === undefined ? [] : groupsOf(last)
  const missing = 8 - head.length - tail.length
  if (behind === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail]
  if (text.length > 47 || groups.some((each) => !/^[0-9a-f]{1,4}$/i.test(each))) return undefined
  return groups.map((each) => Number.parseInt(each, 16).toString(2).padStart(16, '0')).join('')
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}

function hex(bits: Bits, from: number): string {
  return Number.parseInt(bits.slice(from, from + 16), 2).toString(16)
}
