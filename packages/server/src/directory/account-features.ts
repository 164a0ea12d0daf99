import type { Account } from './account.ts'
import { defineTable } from './table.ts'

/** What an account turns on in IAM and other services obey. One record an account; it may be missing. */
export interface AccountFeatures {
  readonly id: 'features'
  /** Outbound web identity federation: whether STS gives tokens, and the issuer that they name. */
  readonly outboundFederation?: OutboundFederation
  /**
   * Centralized root access, in the order enabled; it stands in the management account and holds for
   * the whole organization.
   */
  readonly rootAccess?: readonly RootAccessFeature[]
  /** Account properties as `Namespace/PropertyName`. */
  readonly properties?: Readonly<Record<string, string>>
}

export interface OutboundFederation {
  readonly enabled: boolean
  /** `https://UUID.tokens.sts.global.api.aws`; made when first enabled, and kept. */
  readonly issuer: string
}

export type RootAccessFeature = 'RootCredentialsManagement' | 'RootSessions'

const accountFeatures = defineTable<AccountFeatures>({ kind: 'iam/account-features', key: (r) => r.id })

/** What the account has turned on. */
export function featuresOf(account: Account): AccountFeatures {
  return account.table(accountFeatures).find('features') ?? { id: 'features' }
}

/** Keeps what the account has turned on. */
export function setFeatures(account: Account, features: AccountFeatures): void {
  account.table(accountFeatures).put(features)
}
