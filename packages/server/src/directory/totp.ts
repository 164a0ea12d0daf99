import { hash, timingSafeEqual } from 'node:crypto'

/** The period of one code of a time-based one-time password (RFC 6238), in milliseconds. */
const totpStepLength = 30_000

/** Returns the step of an instant. */
export function totpStep(now: number): number {
  return Math.floor(now / totpStepLength)
}

/** Returns the six digits of a step: HMAC-SHA-1, truncated as in RFC 4226. */
export function totpCode(seed: Uint8Array, step: number): string {
  return totpCodes(seed)(step)
}

/** The block length of SHA-1. */
const block = 64

/** Returns the codes of a seed by step. HMAC is written out as two hashes (RFC 2104), which is faster for many steps. */
function totpCodes(seed: Uint8Array): (step: number) => string {
  const key = Buffer.alloc(block)
  key.set(seed.length > block ? hash('sha1', seed, 'buffer') : seed)
  const inner = Buffer.concat([key.map((byte) => byte ^ 0x36), Buffer.alloc(8)])
  const outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(20)])
  return (step) => {
    inner.writeBigUInt64BE(BigInt(step), block)
    outer.set(hash('sha1', inner, 'buffer'), block)
    const mac = hash('sha1', outer, 'buffer')
    const offset = mac[mac.length - 1]! & 15 // a digest has 20 bytes
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
  }
}

/**
 * Returns the step of the first of several consecutive codes, searched around a step, the nearest first; undefined if
 * they are not the codes of a step within `window` steps of it.
 */
export function findTotpStep(
  seed: Uint8Array,
  codes: readonly string[],
  around: number,
  window: number,
): number | undefined {
  const codeOf = totpCodes(seed)
  for (const step of stepsAround(around, window)) if (isAt(step, codes, codeOf)) return step
  return undefined
}

/** The steps that are compared without a pause. */
const lot = 250

/** Like `findTotpStep`, with pauses, for a window of many steps. */
export async function searchTotpStep(
  seed: Uint8Array,
  codes: readonly string[],
  around: number,
  window: number,
): Promise<number | undefined> {
  const codeOf = totpCodes(seed)
  let compared = 0
  for (const step of stepsAround(around, window)) {
    if (isAt(step, codes, codeOf)) return step
    if (++compared % lot === 0) await new Promise(setImmediate)
  }
  return undefined
}

function* stepsAround(around: number, window: number): Generator<number> {
  for (let distance = 0; distance <= window; distance++)
    for (const step of distance === 0 ? [around] : [around - distance, around + distance])
      if (step >= 0) yield step
}

function isAt(step: number, codes: readonly string[], codeOf: (step: number) => string): boolean {
  return codes.every((code, i) => same(code, codeOf(step + i)))
}

function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Returns bytes in base32 (RFC 4648) without padding. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += digits[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + digits[(held << (5 - bits)) & 31]
}
