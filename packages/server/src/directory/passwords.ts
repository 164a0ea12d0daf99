import { timingSafeEqual } from 'node:crypto'
import { fault, type Vault } from '../base/index.ts'
import { argon2id } from './argon2.ts'

/** argon2id with the minimum of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const
/** Each hash uses a thread and its memory; more must wait. */
const atOnce = 2
const mostWaiting = 256
const purpose = 'password'

/** The stored form of a user's passwords: one salt, and the sealed hash of each, the newest first. */
export interface KeptPasswords {
  /** base64 */
  readonly salt: string
  /** Sealed with the vault's key for the purpose `password`. */
  readonly sealedHashes: readonly string[]
}

/** Returns a password's hash under a salt. @throws Fault Throttling if too many wait already */
export function hashPassword(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return inLine(() => argon2id({ message: password, nonce: salt, ...cost }))
}

/** Returns whether the password is the newest stored one. */
export async function isPassword(password: string, kept: KeptPasswords, vault: Vault): Promise<boolean> {
  if (kept.sealedHashes.length === 0) return false
  const hash = await hashPassword(password, saltOf(kept))
  return isAmong(hash, kept, 1, vault)
}

/** Returns whether the hash, made with the same salt, matches one of the newest `count` stored passwords. */
export function isAmong(hash: Uint8Array, kept: KeptPasswords, count: number, vault: Vault): boolean {
  return kept.sealedHashes.slice(0, count).some((sealed) => {
    const other = vault.open(purpose, Buffer.from(sealed, 'base64url'))
    return other !== undefined && other.length === hash.length && timingSafeEqual(other, hash)
  })
}

/** Returns the salt of a user's further passwords: one hash then shows whether any of them is reused. */
export function saltOf(kept: KeptPasswords): Uint8Array {
  return Buffer.from(kept.salt, 'base64')
}

/** Returns the stored form after a further password is set; the oldest beyond `most` are removed. */
export function withPassword(
  hash: Uint8Array,
  salt: Uint8Array,
  before: readonly string[],
  most: number,
  vault: Vault,
): KeptPasswords {
  const sealed = vault.seal(purpose, hash).toString('base64url')
  return { salt: Buffer.from(salt).toString('base64'), sealedHashes: [sealed, ...before].slice(0, most) }
}

let running = 0
const waiting: (() => void)[] = []

async function inLine<T>(work: () => Promise<T>): Promise<T> {
  if (running < atOnce) running++
  else {
    if (waiting.length >= mostWaiting) throw fault('Throttling', 'Rate exceeded', 400)
    await new Promise<void>((resolve) => waiting.push(resolve)) // a caller that ends passes its place on
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}
