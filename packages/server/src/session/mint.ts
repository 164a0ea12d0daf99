import { type AccountId, newId, type Random } from '../base/index.ts'
import type { AssumedRootClaims, FederatedClaims, RoleClaims, SessionClaims, UserClaims } from './claims.ts'
import type { SessionTokens } from './token.ts'

/** Temporary credentials as STS returns them. */
export interface MintedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: number
}

type Unkeyed<C> = C extends SessionClaims ? Omit<C, 'accessKeyId' | 'secretAccessKey'> : never
export type UnkeyedClaims =
  | Unkeyed<RoleClaims>
  | Unkeyed<UserClaims>
  | Unkeyed<FederatedClaims>
  | Unkeyed<AssumedRootClaims>

/**
 * Makes credentials: a key id that contains the account, a secret, and the token that seals everything, of at least
 * `minimumTokenSize` characters.
 */
export function mint(
  claims: UnkeyedClaims,
  tokens: SessionTokens,
  random: Random,
  minimumTokenSize?: number,
): { readonly credentials: MintedCredentials; readonly claims: SessionClaims } {
  const keyed: SessionClaims = {
    ...claims,
    accessKeyId: newId('ASIA', claims.account, random),
    secretAccessKey: newSecretKey(random),
  }
  return {
    claims: keyed,
    credentials: {
      accessKeyId: keyed.accessKeyId,
      secretAccessKey: keyed.secretAccessKey,
      sessionToken: tokens.seal(keyed, minimumTokenSize),
      expiresAt: keyed.expiresAt,
    },
  }
}

/** A long-term key's id. */
export function newAccessKeyId(account: AccountId, random: Random): string {
  return newId('AKIA', account, random)
}

/** Forty characters of base64, as AWS's secret keys have. */
export function newSecretKey(random: Random): string {
  return Buffer.from(random.bytes(30)).toString('base64')
}
