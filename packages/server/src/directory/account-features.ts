import type { Account } from './account.ts'
import { defineTable } from './table.ts'

/**
 * The features that an account has enabled in IAM and other services respect. One record for each account; it may be
 * absent.
 */
export interface AccountFeatures {
  readonly id: 'features'
  /** Outbound web identity federation: whether STS issues tokens, and the issuer that they name. */
  readonly outboundFederation?: OutboundFederation
  /**
   * Centralized root access, in the order enabled. It is kept in the management account and applies to the whole
   * organization.
   */
  readonly rootAccess?: readonly RootAccessFeature[]
  /** Account properties as `Namespace/PropertyName`. */
  readonly properties?: Readonly<Record<string, string>>
}

export interface OutboundFederation {
  readonly enabled: boolean
  /** `https://UUID.tokens.sts.global.api.aws`; created when first enabled, and kept. */
  readonly issuer: string
}

export type RootAccessFeature = 'RootCredentialsManagement' | 'RootSessions'

const accountFeatures = defineTable<AccountFeatures>({ kind: 'iam/account-features', key: (r) => r.id })

/** Returns what the account has enabled. */
export function featuresOf(account: Account): AccountFeatures {
  return account.table(accountFeatures).find('features') ?? { id: 'features' }
}

/** Stores what the account has enabled. */
export function setFeatures(account: Account, features: AccountFeatures): void {
  account.table(accountFeatures).put(features)
}
