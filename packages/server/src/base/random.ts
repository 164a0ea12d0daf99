import { createHash, randomBytes } from 'node:crypto'

/** The source of random bytes. No other code asks the machine. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array
}

/** The machine's cryptographic source, read in blocks. */
export const systemRandom: Random = blockwise((length) => randomBytes(length))

/** Returns the same bytes for the same seed, so that a run can be repeated. For tests only: it protects nothing. */
export function seededRandom(seed: string): Random {
  let counter = 0
  return blockwise((length) => {
    const chunks: Uint8Array[] = []
    for (let made = 0; made < length; made += 32) {
      chunks.push(createHash('sha256').update(`${seed}:${counter++}`).digest())
    }
    return Buffer.concat(chunks).subarray(0, length)
  })
}

function blockwise(source: (length: number) => Uint8Array): Random {
  const blockLength = 4096
  let block = new Uint8Array(0)
  let used = 0
  return {
    bytes(length) {
      if (length > blockLength) return source(length)
      if (used + length > block.length) {
        block = new Uint8Array(source(blockLength))
        used = 0
      }
      const bytes = block.slice(used, used + length)
      block.fill(0, used, used + length)
      used += length
      return bytes
    },
  }
}

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')
/** UUIDs are made one at a time, so one buffer serves all; its dashes stay. */
const uuidText = Buffer.alloc(36, '-', 'latin1')

/** A version 4 UUID: request ids and event ids. */
export function uuid(random: Random): string {
  const b = random.bytes(16)
  b[6] = (b[6]! & 0x0f) | 0x40
  b[8] = (b[8]! & 0x3f) | 0x80
  let at = 0
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) at++
    uuidText[at++] = hexDigits[b[i]! >> 4]!
    uuidText[at++] = hexDigits[b[i]! & 15]!
  }
  return uuidText.toString('latin1')
}
