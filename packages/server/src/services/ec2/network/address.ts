import type { Random } from '../../../base/index.ts'
import { fault } from '../../../base/index.ts'
import { invalidParameter } from '../faults.ts'

/** An IPv4 block: its first address as a number, and the number of addresses. */
export interface Block {
  readonly first: number
  readonly size: number
}

/**
 * Returns the block, or undefined if the text is malformed. Bits beyond its mask are cleared, as EC2 does (behaviour
 * EC2-41).
 */
export function parseBlock(text: string): Block | undefined {
  const [address, bits, ...more] = text.split('/')
  if (address === undefined || bits === undefined || more.length > 0 || !/^\d{1,2}$/.test(bits))
    return undefined
  const first = parseAddress(address)
  const length = Number(bits)
  if (first === undefined || length > 32) return undefined
  const size = 2 ** (32 - length)
  return { first: first - (first % size), size }
}

/** `10.1.2.3/16` → `10.1.0.0/16`. */
export function writeBlock({ first, size }: Block): string {
  return `${writeAddress(first)}/${32 - Math.log2(size)}`
}

export function parseAddress(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

function writeAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

export function overlaps(a: Block, b: Block): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size
}

/** AWS reserves the first four addresses of a subnet and the last one. */
const keptFirst = 4
const reservedCount = 5

/** Returns the number of addresses that a subnet of this block can assign. */
export function usable(block: Block): number {
  return Math.max(0, block.size - reservedCount)
}

/** Assigns a subnet's free addresses, in order; each takes one look-up, however full the subnet is. */
export class FreeAddresses {
  readonly #subnetId: string
  readonly #block: Block
  readonly #taken: Set<string>
  #next: number

  constructor(subnetId: string, block: Block, taken: Set<string>) {
    this.#subnetId = subnetId
    this.#block = block
    this.#taken = taken
    this.#next = block.first + keptFirst
  }

  take(): string {
    const end = this.#block.first + this.#block.size - 1
    for (; this.#next < end; this.#next++) {
      const address = writeAddress(this.#next)
      if (this.#taken.has(address)) continue
      this.#taken.add(address)
      return address
    }
    throw fault(
      'InsufficientFreeAddressesInSubnet',
      `The specified subnet does not have enough free addresses to satisfy the request: '${this.#subnetId}'`,
      400,
    )
  }

  /** Assigns a requested address. */
  takeThis(text: string): string {
    const address = parseAddress(text)
    const { first, size } = this.#block
    if (address === undefined || address < first + keptFirst || address >= first + size - 1)
      throw invalidParameter(`Address ${text} does not fall within the subnet's address range`)
    if (this.#taken.has(text)) throw fault('InvalidIPAddress.InUse', `Address ${text} is in use.`, 400)
    this.#taken.add(text)
    return text
  }
}

/** Returns an address of the benchmarking network 198.18.0.0/15, which looks public and belongs to no one. */
export function newPublicAddress(random: Random): string {
  const [a = 0, b = 0, c = 0] = random.bytes(3)
  return `198.${18 + (a & 1)}.${b}.${c}`
}

/** Returns `12:…`: a locally administered address, as instances have. */
export function newMac(random: Random): string {
  const hex = Buffer.from(random.bytes(5)).toString('hex')
  return `12:${hex.match(/../g)!.join(':')}`
}
