import { createHmac, timingSafeEqual } from 'node:crypto'

/** The period of one code of a time-based one-time password (RFC 6238), in milliseconds. */
const totpStepLength = 30_000

/** Returns the step of an instant. */
export function totpStep(now: number): number {
  return Math.floor(now / totpStepLength)
}

/** Returns the six digits of a step: HMAC-SHA-1, truncated as in RFC 4226. */
export function totpCode(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', seed).update(counter).digest()
  const offset = mac[mac.length - 1]! & 15 // a digest has 20 bytes
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
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
  for (let distance = 0; distance <= window; distance++) {
    for (const step of distance === 0 ? [around] : [around - distance, around + distance]) {
      if (step >= 0 && codes.every((code, i) => same(code, totpCode(seed, step + i)))) return step
    }
  }
  return undefined
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
