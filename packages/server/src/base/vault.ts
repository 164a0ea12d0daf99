import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { Random } from './random.ts'

/** A 256-bit key with the short name by which sealed values refer to it. */
export interface VaultKey {
  readonly id: number
  readonly bytes: Uint8Array
}

/**
 * Authenticated encryption (AES-256-GCM) under a ring of keys: the newest seals, any opens.
 * A sealed value is `version(1) keyId(4) nonce(12) ciphertext tag(16)`; `purpose` is bound to it, so
 * that a value sealed for one use never opens as another.
 */
export class Vault {
  readonly #keys = new Map<number, Uint8Array>()
  readonly #random: Random
  #newest: VaultKey

  constructor(keys: readonly [VaultKey, ...VaultKey[]], random: Random) {
    for (const key of keys) this.#keys.set(key.id, key.bytes)
    this.#newest = keys[keys.length - 1]!
    this.#random = random
  }

  /** Makes a further key the one that seals. Values sealed before still open. */
  rotate(key: VaultKey): void {
    this.#keys.set(key.id, key.bytes)
    this.#newest = key
  }

  seal(purpose: string, plain: Uint8Array): Buffer {
    const nonce = this.#random.bytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#newest.bytes, nonce)
    cipher.setAAD(purposeBytes(purpose))
    const head = Buffer.alloc(5)
    head[0] = 1
    head.writeUInt32BE(this.#newest.id, 1)
    return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }

  /** The plain bytes, or undefined where the value is not one of this ring's, or was altered. */
  open(purpose: string, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < 5 + 12 + 16 || sealed[0] !== 1) return undefined
    const view = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const key = this.#keys.get(view.readUInt32BE(1))
    if (key === undefined) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, view.subarray(5, 17))
    decipher.setAAD(purposeBytes(purpose))
    decipher.setAuthTag(view.subarray(view.length - 16))
    try {
      return Buffer.concat([decipher.update(view.subarray(17, view.length - 16)), decipher.final()])
    } catch {
      return undefined
    }
  }

  sealText(purpose: string, text: string): string {
    return this.seal(purpose, Buffer.from(text, 'utf8')).toString('base64url')
  }

  openText(purpose: string, sealed: string): string | undefined {
    return this.open(purpose, Buffer.from(sealed, 'base64url'))?.toString('utf8')
  }
}

/** A short fingerprint of a key, to name it without telling it. */
export function keyIdOf(bytes: Uint8Array): number {
  return createHash('sha256').update('omen key id').update(bytes).digest().readUInt32BE(0)
}

function purposeBytes(purpose: string): Buffer {
  return Buffer.from(`omen:${purpose}`, 'utf8')
}
