import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Random, Vault } from '../base/index.ts'
import type { SessionClaims } from './claims.ts'

/** AWS's tokens begin with these bytes, which base64 writes `IQoJb3JpZ2luX2Vj` (behaviour SES-1). */
const head = Buffer.from('\x21\x0a\x09origin_ec', 'latin1')
const minimumBytes = 552 // 736 characters of base64
const maximumTokenCharacters = 4_096
const maximumClaimsBytes = 65_536
const openedKept = 5_000

/**
 * Session tokens: the claims themselves, sealed. Any node with the key ring opens what another
 * minted, and no table of sessions exists.
 */
export class SessionTokens {
  readonly #vault: Vault
  readonly #random: Random
  /** Tokens opened before: most callers use one token for many calls. */
  readonly #opened = new Map<string, SessionClaims>()

  constructor(vault: Vault, random: Random) {
    this.#vault = vault
    this.#random = random
  }

  /** The token for these claims: 736 characters or more, base64. */
  seal(claims: SessionClaims): string {
    const packed = deflateRawSync(Buffer.from(JSON.stringify(claims), 'utf8'), { level: 6 })
    const padding = Math.max(0, minimumBytes - head.length - packed.length - 2 - 33)
    const plain = Buffer.concat([Buffer.alloc(2), packed, this.#random.bytes(padding)])
    plain.writeUInt16BE(packed.length, 0)
    const token = Buffer.concat([head, this.#vault.seal('session', plain)]).toString('base64')
    return token
  }

  /** The claims, or undefined where the token is not this house's or was altered. Says nothing of expiry. */
  open(token: string): SessionClaims | undefined {
    const known = this.#opened.get(token)
    if (known !== undefined) return known
    const claims = this.#openAnew(token)
    if (claims === undefined) return undefined
    if (this.#opened.size >= openedKept) this.#opened.delete(this.#opened.keys().next().value!)
    this.#opened.set(token, claims)
    return claims
  }

  #openAnew(token: string): SessionClaims | undefined {
    if (token.length > maximumTokenCharacters) return undefined
    const bytes = Buffer.from(token, 'base64')
    // Buffer skips what is not base64: only the canonical writing of the bytes is the token.
    if (bytes.toString('base64') !== token || !bytes.subarray(0, head.length).equals(head)) return undefined
    const plain = this.#vault.open('session', bytes.subarray(head.length))
    if (plain === undefined) return undefined
    const packed = plain.subarray(2, 2 + plain.readUInt16BE(0))
    const json = inflateRawSync(packed, { maxOutputLength: maximumClaimsBytes }).toString('utf8')
    return JSON.parse(json) as SessionClaims // sealed by `seal`, so it is what `seal` was given
  }
}
