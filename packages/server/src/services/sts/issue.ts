import type { Call } from '../../authorization/index.ts'
import { type Fault, fault, isoSeconds } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'
import { maximumTokenSize, mint, type UnkeyedClaims } from '../../session/index.ts'

/** Credentials in STS's form, with the members of newer models about their token. */
export interface Issued {
  readonly Credentials: Sts.Credentials
  readonly SessionTokenSize: number
  /** Percent of the largest token. */
  readonly SessionTokenUtilization: number
}

/** Mints credentials. @throws Fault PackedPolicyTooLarge if the token would be too large (behaviour STS-22) */
export function issue(claims: UnkeyedClaims, minimumTokenSize: number | undefined, call: Call): Issued {
  const { credentials } = mint(claims, call.deps.tokens, call.deps.random, minimumTokenSize)
  const size = credentials.sessionToken.length
  const percent = (size * 100) / maximumTokenSize
  if (size > maximumTokenSize) throw tooLarge(claims, Math.ceil(percent))
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiresAt,
    },
    SessionTokenSize: size,
    SessionTokenUtilization: Math.floor(percent),
  }
}

/** Names the largest part. */
function tooLarge(claims: UnkeyedClaims, percent: number): Fault {
  const tags = 'tags' in claims && claims.tags !== undefined ? JSON.stringify(claims.tags).length : 0
  const policies =
    'policies' in claims && claims.policies !== undefined ? JSON.stringify(claims.policies).length : 0
  if (tags === 0 && policies === 0) {
    return fault('PackedPolicyTooLarge', 'Serialized token too large for session', 400)
  }
  const message =
    tags > policies
      ? `Packed size of session tags consumes ${percent}% of allotted space.`
      : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
  return fault('PackedPolicyTooLarge', message, 400)
}

/** CloudTrail writes the key id, the token and the expiry, and never the secret (behaviour TRL-31). */
export function credentialsForEvent(credentials: Sts.Credentials | undefined) {
  return (
    credentials && {
      accessKeyId: credentials.AccessKeyId,
      sessionToken: credentials.SessionToken,
      expiration: isoSeconds(credentials.Expiration),
    }
  )
}

/** The size of a session's token, for events (behaviour TRL-95). */
export function tokenForEvent(issued: {
  readonly SessionTokenSize?: number | undefined
  readonly SessionTokenUtilization?: number | undefined
}) {
  return {
    sessionTokenUtilization: issued.SessionTokenUtilization,
    sessionTokenSize: issued.SessionTokenSize,
  }
}
