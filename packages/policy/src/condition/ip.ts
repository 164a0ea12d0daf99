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

/**
 * Parses an address of a policy with an optional `/bits`, which may have a plus sign and zeros in front. Without it, the
 * range is one address. An IPv6 network with bits behind its prefix is none, nor is an IPv6 address that ends in an IPv4
 * one (behaviours POL-205 and POL-206).
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const address = parse(slash === -1 ? text : text.slice(0, slash), false)
  if (address === undefined) return undefined
  const most = address.version === 4 ? 32 : 128
  if (slash === -1) return { address, bits: most }
  const suffix = text.slice(slash + 1)
  const bits = /^\+?\d+$/.test(suffix) ? Number(suffix) : most + 1
  if (bits > most || (address.version === 6 && hasHostBits(address, bits))) return undefined
  return { address, bits }
}

/** Parses an address of a request. One in ::ffff:0:0/96, in any spelling, is the IPv4 address in it (behaviour POL-206). */
export function parseAddress(text: string): Address | undefined {
  const address = parse(text, true)
  return address !== undefined && isMapped(address)
    ? { version: 4, words: [0, 0, 0, address.words[3]] }
    : address
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

function parse(text: string, mayEndInIpv4: boolean): Address | undefined {
  if (text.includes(':')) return parseIpv6(text, mayEndInIpv4)
  const word = parseIpv4(text)
  return word === undefined ? undefined : { version: 4, words: [0, 0, 0, word] }
}

function hasHostBits({ words }: Address, bits: number): boolean {
  return words.some((word, index) => {
    const left = Math.min(Math.max(bits - index * 32, 0), 32)
    return left < 32 && (word & (-1 >>> left)) !== 0
  })
}

function isMapped({ version, words }: Address): boolean {
  return version === 6 && words[0] === 0 && words[1] === 0 && words[2] === 0xffff
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

/** Maximum characters of an IPv6 address, with the colons that do not count. */
const longest = 47

function parseIpv6(text: string, mayEndInIpv4: boolean): Address | undefined {
  if (text.length > longest) return undefined
  const halves = usualSpelling(text).split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0]!, mayEndInIpv4 && halves.length === 1)
  const tail = halves.length === 2 ? parseGroups(halves[1]!, mayEndInIpv4) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const word = (index: number): number => (groups[index * 2]! << 16) | groups[index * 2 + 1]!
  const address = { version: 6, words: [word(0), word(1), word(2), word(3)] } as const
  return text.includes('.') && !isMapped(address) ? undefined : address
}

/** A colon behind a last group is dropped, one at the start is behind a group of 0, and `:::` is `::` (behaviour POL-207). */
function usualSpelling(text: string): string {
  const shortened = text.replace(/(?<!:):::(?!:)/, '::')
  const ended = /(?:^|:)[^:.]+:$/.test(shortened) ? shortened.slice(0, -1) : shortened
  return /^:[^:]/.test(ended) ? `0${ended}` : ended
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
