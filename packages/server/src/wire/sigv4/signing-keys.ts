import { keepLatest, type Secret } from '../../base/index.ts'
import { type HmacKey, hmac, hmacKey } from './hmac.ts'
import type { Claim } from './types.ts'

interface Kept {
  readonly secret: string
  readonly key: HmacKey
}

/**
 * Signing keys derived from secrets, one per access key, date, region and service. The oldest leaves when
 * there are too many: keys die with their day, so those that came first are those least needed.
 */
export class SigningKeys {
  readonly #limit: number
  readonly #kept = new Map<string, Kept>()

  constructor(limit = 10_000) {
    this.#limit = limit
  }

  /** The key that signs under the claim's scope. */
  find(claim: Claim, secretKey: Secret): HmacKey {
    const scope = `${claim.accessKeyId}/${claim.scopeDate}/${claim.region}/${claim.service}/${claim.terminator}`
    const secret = secretKey.reveal()
    const kept = this.#kept.get(scope)
    // Both secrets are ours: what this comparison's time tells, it tells of nobody's guess.
    if (kept !== undefined && kept.secret === secret) return kept.key
    const key = signingKey(secret, claim)
    keepLatest(this.#kept, scope, { secret, key }, this.#limit)
    return key
  }
}

/** The signing key of a secret for one scope. */
export function signingKey(secret: string, claim: Claim): HmacKey {
  let key = hmacKey(Buffer.from(`AWS4${secret}`))
  for (const part of [claim.scopeDate, claim.region, claim.service, claim.terminator]) {
    key = hmacKey(Buffer.from(hmac(key, part, 'binary'), 'latin1'))
  }
  return key
}
