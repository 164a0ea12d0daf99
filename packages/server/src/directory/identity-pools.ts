import type { AccountId } from '../base/index.ts'
import { defineTable } from './table.ts'

/** How a role follows from the token of one provider. */
export interface PoolRoleMapping {
  readonly type: 'Token' | 'Rules'
  readonly ambiguous: 'AuthenticatedRole' | 'Deny'
  readonly rules: readonly PoolRule[]
}

export interface PoolRule {
  readonly claim: string
  readonly match: 'Equals' | 'Contains' | 'StartsWith' | 'NotEqual'
  readonly value: string
  readonly roleArn: string
}

/** Which tags the claims of one provider become: a tag's key, and the claim. */
export interface PoolTagMap {
  readonly useDefaults: boolean
  readonly tags: Readonly<Record<string, string>>
}

/** An identity pool of Cognito. */
export interface IdentityPool {
  /** `REGION:UUID`; the UUID contains the account. */
  readonly id: string
  readonly name: string
  readonly letsGuests: boolean
  readonly letsClassic: boolean
  /** The pool's providers as given. */
  readonly supportedLogins: Readonly<Record<string, string>>
  readonly developerProvider?: string
  readonly oidcProviders: readonly string[]
  readonly userPools: readonly UserPoolClient[]
  readonly samlProviders: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** `authenticated` and `unauthenticated`: ARNs of roles. */
  readonly roles: Readonly<Record<string, string>>
  readonly mappings: Readonly<Record<string, PoolRoleMapping>>
  readonly tagMaps: Readonly<Record<string, PoolTagMap>>
}

export interface UserPoolClient {
  /** `cognito-idp.REGION.amazonaws.com/POOL`. */
  readonly provider: string
  readonly clientId: string
  readonly checksToken: boolean
}

/** A user of another provider that a pool knows, or a guest. */
export interface PoolIdentity {
  readonly id: string
  readonly pool: string
  /** Names of providers, with the subject at each. */
  readonly logins: Readonly<Record<string, string>>
  /** Further users of the developer's provider, which became this one. */
  readonly merged?: readonly string[]
  /** Its last login was taken away, or merged into another identity: nobody is it any more. */
  readonly isClosed?: true
  readonly createdAt: number
  readonly modifiedAt: number
}

/** Whose a login is. */
export interface PoolLogin {
  readonly pool: string
  readonly provider: string
  readonly subject: string
  readonly identity: string
}

export const identityPools = defineTable<IdentityPool>({ kind: 'cognito/pool', key: ({ id }) => id })
export const poolIdentities = defineTable<PoolIdentity>({ kind: 'cognito/identity', key: ({ id }) => id })
export const poolLogins = defineTable<PoolLogin>({ kind: 'cognito/login', key: loginKey })

/** Whose an imported pool is. */
export interface PoolOwner {
  readonly pool: string
  readonly account: AccountId
}

/** The owners of pools whose ids do not say it are kept in the first account. */
export const poolOwners = defineTable<PoolOwner>({ kind: 'house/pool-owner', key: ({ pool }) => pool })

/** The most of each in an account: identities are fewer than at AWS (behaviour COG-5). */
export const poolQuotas = { pools: 60, identities: 10_000, logins: 20, tags: 50 } as const

/** The key of a login: one at a provider belongs to one identity of a pool. */
export function loginKey({ pool, provider, subject }: Omit<PoolLogin, 'identity'>): string {
  return `${pool} ${provider} ${subject}`
}
