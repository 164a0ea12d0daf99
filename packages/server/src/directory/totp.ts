import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long one code of a time-based one-time password (RFC 6238) is shown, in milliseconds. */
const totpStepLength = 30_000

/** The step that an instant falls into. */
export function totpStep(now: number): number {
  return Math.floor(now / totpStepLength)
}

/** The six digits of one step: HMAC-SHA-1, truncated as RFC 4226 has it. */
export function totpCode(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', seed).update(counter).digest()
  const offset = mac[mac.length - 1]! & 15 // a digest has 20 bytes
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/**
 * The step of the first of several consecutive codes, sought around a step, the nearest first; undefined
 * where they are the codes of no step within `window` steps of it.
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

/** Bytes in base32 (RFC 4648) without padding. */
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
