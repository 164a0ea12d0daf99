import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { keepLatest, type Vault } from '../base/index.ts'
import type { SessionClaims } from './claims.ts'

/** The most characters of a session token; AWS calls them bytes (behaviour SES-5). */
export const maximumTokenSize = 4_096

/** The first bytes of AWS's tokens, in base64 `IQoJb3JpZ2luX2Vj` (behaviour SES-1). */
const head = Buffer.from('\x21\x0a\x09origin_ec', 'latin1')
const purpose = 'session'
/** The bytes of 736 characters of base64: the shortest token. */
const minimumBytes = 552
/** The bytes around the claims: the head, the vault's overhead, and the encoding and length of the claims. */
const frameBytes = head.length + 33 + 3
/**
 * Claims that fit into the shortest token are not compressed: compression would save nothing and cost time at opening.
 */
const plainBytes = minimumBytes - frameBytes
const maximumClaimsBytes = 65_536
const openedKept = 5_000

const plainly = 0
const deflated = 1

/**
 * Session tokens: the sealed claims themselves. Any node with the key ring opens what another minted; there is no
 * table of sessions.
 */
export class SessionTokens {
  readonly #vault: Vault
  /** Tokens that were opened before: most callers use one token for many calls. */
  readonly #opened = new Map<string, SessionClaims>()

  constructor(vault: Vault) {
    this.#vault = vault
  }

  /**
   * Returns the token of these claims: 736 characters of base64, or as many as the claims or `minimumSize` need. It
   * may exceed `maximumTokenSize`; the caller must check, because such a token is never opened.
   */
  seal(claims: SessionClaims, minimumSize = 0): string {
    const json = Buffer.from(JSON.stringify(claims), 'utf8')
    const form = json.length <= plainBytes ? plainly : deflated
    const packed = form === plainly ? json : deflateRawSync(json, { level: 6 })
    const length = Math.max(minimumBytes, Math.ceil((minimumSize * 3) / 4))
    const padding = Math.max(0, length - frameBytes - packed.length)
    const plain = Buffer.alloc(3 + packed.length + padding) // sealed, so what pads need not be chance
    plain[0] = form
    plain.writeUInt16BE(packed.length, 1)
    plain.set(packed, 3)
    return Buffer.concat([head, this.#vault.seal(purpose, plain)]).toString('base64')
  }

  /** Returns the claims, or undefined if the token was altered or is not of this key ring. Does not check expiry. */
  open(token: string): SessionClaims | undefined {
    const known = this.#opened.get(token)
    if (known !== undefined) return known
    const claims = this.#openAnew(token)
    if (claims === undefined) return undefined
    keepLatest(this.#opened, token, claims, openedKept)
    return claims
  }

  #openAnew(token: string): SessionClaims | undefined {
    if (token.length > maximumTokenSize) return undefined
    const bytes = Buffer.from(token, 'base64')
    // Buffer skips characters that are not base64: only the canonical encoding is the token.
    if (bytes.toString('base64') !== token || !bytes.subarray(0, head.length).equals(head)) return undefined
    const plain = this.#vault.open(purpose, bytes.subarray(head.length))
    if (plain === undefined) return undefined
    const packed = plain.subarray(3, 3 + plain.readUInt16BE(1))
    const json =
      plain[0] === plainly ? packed : inflateRawSync(packed, { maxOutputLength: maximumClaimsBytes })
    return JSON.parse(json.toString('utf8')) as SessionClaims // sealed by `seal`, so it is what `seal` was given
  }
}
