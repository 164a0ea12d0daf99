import { type Network, parseNetwork } from '../condition/ip.ts'

/** Bits of the first `bits` bits, as a number of 32 or 128 bits. */
interface Prefix {
  readonly version: 4 | 6
  readonly value: bigint
  readonly bits: number
}

/**
 * An address for every part into which networks divide all addresses: of each network one address that is in none of
 * the smaller networks within it, and one outside of all.
 */
export function addressPoints(values: readonly string[]): readonly string[] {
  const prefixes = values
    .map(parseNetwork)
    .filter((network) => network !== undefined)
    .map(prefixOf)
  const points: string[] = []
  for (const version of [4, 6] as const) {
    const own = prefixes.filter((prefix) => prefix.version === version)
    // Most policies name no IPv6 network: then an IPv4 address represents everything else.
    const outer: Prefix[] = version === 4 || own.length > 0 ? [{ version, value: 0n, bits: 0 }] : []
    const taken = version === 6 ? [...own, mapped] : own
    for (const prefix of [...outer, ...own]) {
      if (version === 6 && prefix.bits >= mapped.bits && isWithin(prefix, mapped)) continue
      const inner = taken.filter((other) => other.bits > prefix.bits && isWithin(other, prefix))
      const free = freeIn(prefix, inner)
      if (free !== undefined) points.push(textOf(version, free))
    }
  }
  return [...new Set(points)]
}

/** Requests hold no addresses of ::ffff:0:0/96: those are IPv4 (behaviour POL-206). */
const mapped: Prefix = { version: 6, value: 0xffff00000000n, bits: 96 }

function lengthOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128
}

function prefixOf({ address, bits }: Network): Prefix {
  let all = 0n
  for (const word of address.words) all = (all << 32n) | BigInt(word >>> 0)
  const rest = BigInt(lengthOf(address.version) - bits)
  return { version: address.version, value: (all >> rest) << rest, bits }
}

function isWithin(inner: Prefix, outer: Prefix): boolean {
  const rest = BigInt(lengthOf(outer.version) - outer.bits)
  return inner.value >> rest === outer.value >> rest
}

/** An address of a network that is in none of some smaller ones. */
function freeIn(prefix: Prefix, inner: readonly Prefix[]): bigint | undefined {
  const { version, value, bits } = prefix
  if (inner.some((each) => each.bits <= bits)) return undefined
  const rest = lengthOf(version) - bits
  const documentation = version === 4 ? example4 : example6
  if (
    bits === 0 &&
    !inner.some((each) => isWithin({ version, value: documentation, bits: bits + rest }, each))
  )
    return documentation
  // An address that looks like a host's: not the first of the network, if there are others.
  if (inner.length === 0) return value + (rest > 1 ? 1n : 0n)
  for (const half of [0n, 1n]) {
    const part = { version, value: value + (half << BigInt(rest - 1)), bits: bits + 1 }
    const free = freeIn(
      part,
      inner.filter((each) => isWithin(each, part)),
    )
    if (free !== undefined) return free
  }
  return undefined
}

/** 203.0.113.77 and 2001:db8::77 are for documentation. */
const example4 = 0xcb00714dn
const example6 = 0x20010db8000000000000000000000077n

function textOf(version: 4 | 6, address: bigint): string {
  const size = version === 4 ? 8n : 16n
  const count = version === 4 ? 4 : 8
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (address >> (BigInt(count - 1 - index) * size)) & ((1n << size) - 1n)
    return version === 4 ? part.toString() : part.toString(16)
  })
  return parts.join(version === 4 ? '.' : ':')
}
