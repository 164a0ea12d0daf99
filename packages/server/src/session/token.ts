import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { keepLatest, type Vault } from '../base/index.ts'
import type { SessionClaims } from './claims.ts'

/** The most characters of a session token; AWS calls them bytes (behaviour SES-5). */
export const maximumTokenSize = 4_096

/** AWS's tokens begin with these bytes, which base64 writes `IQoJb3JpZ2luX2Vj` (behaviour SES-1). */
const head = Buffer.from('\x21\x0a\x09origin_ec', 'latin1')
const purpose = 'session'
/** Bytes that 736 characters of base64 hold: the shortest token. */
const minimumBytes = 552
/** Bytes around the claims: the head, what the vault adds, and how the claims are written and how long they are. */
const frameBytes = head.length + 33 + 3
/** Claims that fit into the shortest token are not compressed: it would save nothing and cost the time to open them. */
const plainBytes = minimumBytes - frameBytes
const maximumClaimsBytes = 65_536
const openedKept = 5_000

const plainly = 0
const deflated = 1

/**
 * Session tokens: the claims themselves, sealed. Any node with the key ring opens what another
 * minted, and no table of sessions exists.
 */
export class SessionTokens {
  readonly #vault: Vault
  /** Tokens opened before: most callers use one token for many calls. */
  readonly #opened = new Map<string, SessionClaims>()

  constructor(vault: Vault) {
    this.#vault = vault
  }

  /**
   * The token for these claims: 736 characters of base64, or as many as the claims or `minimumSize` need. It may
   * be longer than `maximumTokenSize`; whoever hands it out looks, for such a one is never opened.
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

  /** The claims, or undefined where the token is not this house's or was altered. Says nothing of expiry. */
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
    // Buffer skips what is not base64: only the canonical writing of the bytes is the token.
    if (bytes.toString('base64') !== token || !bytes.subarray(0, head.length).equals(head)) return undefined
    const plain = this.#vault.open(purpose, bytes.subarray(head.length))
    if (plain === undefined) return undefined
    const packed = plain.subarray(3, 3 + plain.readUInt16BE(1))
    const json =
      plain[0] === plainly ? packed : inflateRawSync(packed, { maxOutputLength: maximumClaimsBytes })
    return JSON.parse(json.toString('utf8')) as SessionClaims // sealed by `seal`, so it is what `seal` was given
  }
}
