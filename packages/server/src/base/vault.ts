import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from './random.ts'

/** A 256-bit key with the short name that sealed values refer to. */
export interface VaultKey {
  readonly id: number
  readonly bytes: Uint8Array
}

const tagLength = { authTagLength: 16 } as const

/**
 * Authenticated encryption (AES-256-GCM) with a ring of keys: the newest seals, any opens. A sealed value is
 * `version(1) keyId(4) nonce(12) ciphertext tag(16)`. `purpose` is bound to it, so that a value sealed for one purpose
 * never opens for another.
 */
export class Vault {
  readonly #keys = new Map<number, KeyObject>()
  readonly #random: Random
  #newest: { readonly id: number; readonly key: KeyObject }

  constructor(keys: readonly [VaultKey, ...VaultKey[]], random: Random) {
    let newest: { readonly id: number; readonly key: KeyObject } | undefined
    for (const { id, bytes } of keys) {
      newest = { id, key: createSecretKey(bytes) }
      this.#keys.set(id, newest.key)
    }
    this.#newest = newest! // there is one key at least
    this.#random = random
  }

  /** Adds a key that opens. */
  add({ id, bytes }: VaultKey): void {
    this.#keys.set(id, createSecretKey(bytes))
  }

  /**
   * Seals with this key from now on; returns false if the ring has no key of that name. Earlier values still open.
   */
  sealWith(id: number): boolean {
    const key = this.#keys.get(id)
    if (key === undefined) return false
    this.#newest = { id, key }
    return true
  }

  /** Removes a key: values that it sealed never open again. The sealing key is kept. */
  forget(id: number): void {
    if (id !== this.#newest.id) this.#keys.delete(id)
  }

  seal(purpose: string, plain: Uint8Array): Buffer {
    const nonce = this.#random.bytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#newest.key, nonce, tagLength)
    cipher.setAAD(purposeBytes(purpose))
    const head = Buffer.alloc(5)
    head[0] = 1
    head.writeUInt32BE(this.#newest.id, 1)
    return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }

  /** Returns the plain bytes, or undefined if the value was altered or is not of this ring. */
  open(purpose: string, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < 5 + 12 + 16 || sealed[0] !== 1) return undefined
    const view = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const key = this.#keys.get(view.readUInt32BE(1))
    if (key === undefined) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, view.subarray(5, 17), tagLength)
    decipher.setAAD(purposeBytes(purpose))
    decipher.setAuthTag(view.subarray(view.length - 16))
    const plain = decipher.update(view.subarray(17, view.length - 16))
    try {
      decipher.final() // GCM holds nothing back: this only checks the tag
      return plain
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

/** Returns a short fingerprint that names a key without revealing it. */
export function keyIdOf(bytes: Uint8Array): number {
  return createHash('sha256').update('omen key id').update(bytes).digest().readUInt32BE(0)
}

/** Purposes are constants of the code: there are few. */
const purposes = new Map<string, Buffer>()

function purposeBytes(purpose: string): Buffer {
  let bytes = purposes.get(purpose)
  if (bytes === undefined) {
    bytes = Buffer.from(`omen:${purpose}`, 'utf8')
    purposes.set(purpose, bytes)
  }
  return bytes
}
