import type { Sts } from '../../model/index.ts'
import type { MintedCredentials } from '../../session/index.ts'

/** Minted credentials in STS's own form. */
export function credentialsOut(minted: MintedCredentials): Sts.Credentials {
  return {
    AccessKeyId: minted.accessKeyId,
    SecretAccessKey: minted.secretAccessKey,
    SessionToken: minted.sessionToken,
    Expiration: minted.expiresAt,
  }
}
