/** An address as four 32-bit words of which IPv4 uses the last. */
export interface Address {
  readonly version: 4 | 6
  readonly words: readonly [number, number, number, number]
}

/** A range of addresses that share the first `bits` bits. */
export interface Network {
  readonly address: Address
  readonly bits: number
}

/** Parses an address with an optional `/bits`. Without it, the range is one address (behaviour POL-097). */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const most = address.version === 4 ? 32 : 128
  if (slash === -1) return { address, bits: most }
  const suffix = text.slice(slash + 1)
  const bits = /^\d{1,3}$/.test(suffix) ? Number(suffix) : most + 1
  return bits <= most ? { address, bits } : undefined
}

/** Parses an address of a request; undefined for any other text. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseIpv6(text)
  const word = parseIpv4(text)
  return word === undefined ? undefined : { version: 4, words: [0, 0, 0, word] }
}

export function contains(network: Network, address: Address): boolean {
  if (network.address.version !== address.version) return false
  let bits = network.address.version === 4 ? network.bits + 96 : network.bits
  for (let index = 0; bits > 0; index++) {
    const mask = -1 << Math.max(32 - bits, 0)
    const difference = network.address.words[index]! ^ address.words[index]!
    if ((difference & mask) !== 0) return false
    bits -= 32
  }
  return true
}

function parseIpv4(text: string): number | undefined {
  let word = 0
  let octets = 0
  let octet = -1
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? 46 : text.charCodeAt(at)
    if (code === 46) {
      if (octet < 0 || octet > 255) return undefined
      word = (word << 8) | octet
      octets++
      octet = -1
    } else if (code >= 48 && code <= 57) {
      octet = Math.max(octet, 0) * 10 + (code - 48)
    } else return undefined
  }
  return octets === 4 ? word : undefined
}

function parseIpv6(text: string): Address | undefined {
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const word = (index: number): number => (groups[index * 2]! << 16) | groups[index * 2 + 1]!
  return { version: 6, words: [word(0), word(1), word(2), word(3)] }
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const pieces = text.split(':')
  for (const [index, piece] of pieces.entries()) {
    if (mayEndInIpv4 && index === pieces.length - 1 && piece.includes('.')) {
      const word = parseIpv4(piece)
      if (word === undefined) return undefined
      groups.push(word >>> 16, word & 0xffff)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(piece)) groups.push(Number.parseInt(piece, 16))
    else return undefined
  }
  return groups
}
