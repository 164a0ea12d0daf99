import { hash } from 'node:crypto'

const blockLength = 64
const digestLength = 32

/**
 * A key for HMAC-SHA-256 with its two pads prepared. One-shot hashes over prepared blocks take a tenth of the time of
 * `createHmac`, which spends it on the object.
 */
export interface HmacKey {
  readonly inner: Buffer
  readonly outer: Buffer
}

/** Prepares a key of any length. */
export function hmacKey(key: Uint8Array): HmacKey {
  const short = key.length > blockLength ? Buffer.from(hash('sha256', key, 'binary'), 'latin1') : key
  const inner = Buffer.alloc(blockLength, 0x36)
  const outer = Buffer.alloc(blockLength, 0x5c)
  for (let i = 0; i < short.length; i++) {
    inner[i]! ^= short[i]!
    outer[i]! ^= short[i]!
  }
  return { inner, outer }
}

// Everything here is synchronous, so two buffers serve all callers.
const innerArea = Buffer.alloc(2048)
const outerArea = Buffer.alloc(blockLength + digestLength)

/** Returns HMAC-SHA-256 of an ASCII text, in hexadecimal or as a string of bytes. */
export function hmac(key: HmacKey, message: string, encoding: 'hex' | 'binary'): string {
  const length = blockLength + message.length
  const area = length <= innerArea.length ? innerArea : Buffer.alloc(length)
  area.set(key.inner)
  area.write(message, blockLength, 'latin1')
  outerArea.set(key.outer)
  outerArea.write(hash('sha256', area.subarray(0, length), 'binary'), blockLength, 'latin1')
  return hash('sha256', outerArea, encoding)
}
