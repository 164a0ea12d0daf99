import type { KeyObject } from 'node:crypto'
import { keepLatest, type Secret } from '../../base/index.ts'
import { asymmetricKeyOf } from './asymmetric.ts'
import { type HmacKey, hmac, hmacKey } from './hmac.ts'
import type { Claim } from './types.ts'

interface Kept<Key> {
  readonly secret: string
  readonly key: Key
}

/**
 * Signing keys derived from secrets, one for each access key, date, region and service. The oldest is removed first:
 * keys expire with their day, so the oldest ones are needed least.
 */
export class SigningKeys {
  readonly #limit: number
  readonly #kept = new Map<string, Kept<HmacKey>>()
  readonly #public = new Map<string, Kept<KeyObject>>()

  constructor(limit = 10_000) {
    this.#limit = limit
  }

  /** Returns the key that signs for the claim's scope. */
  find(claim: Claim, secretKey: Secret): HmacKey {
    const scope = `${claim.accessKeyId}/${claim.scopeDate}/${claim.region}/${claim.service}/${claim.terminator}`
    const secret = secretKey.reveal()
    const kept = this.#kept.get(scope)
    // Both secrets come from the server: the time of this comparison reveals nothing about a caller's guess.
    if (kept !== undefined && kept.secret === secret) return kept.key
    const key = signingKey(secret, claim)
    keepLatest(this.#kept, scope, { secret, key }, this.#limit)
    return key
  }

  /** Returns the key that verifies the claim's signature by ECDSA, which serves every scope. */
  findPublic({ accessKeyId }: Claim, secretKey: Secret): KeyObject {
    const secret = secretKey.reveal()
    const kept = this.#public.get(accessKeyId)
    if (kept !== undefined && kept.secret === secret) return kept.key
    const key = asymmetricKeyOf(accessKeyId, secret)
    keepLatest(this.#public, accessKeyId, { secret, key }, this.#limit)
    return key
  }
}

/** Returns the signing key of a secret for one scope. */
export function signingKey(secret: string, claim: Claim): HmacKey {
  let key = hmacKey(Buffer.from(`AWS4${secret}`))
  for (const part of [claim.scopeDate, claim.region, claim.service, claim.terminator]) {
    key = hmacKey(Buffer.from(hmac(key, part, 'binary'), 'latin1'))
  }
  return key
}
