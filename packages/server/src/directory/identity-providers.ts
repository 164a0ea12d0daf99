import { type ArnOwner, iamArn } from '../base/index.ts'
import type { Account } from './account.ts'
import { findByArn } from './by-arn.ts'
import type { Named, Tag } from './records.ts'
import { defineTable } from './table.ts'

/** A SAML 2.0 identity provider: its identity and its signing keys, from its metadata. */
export interface SamlProvider extends Named {
  readonly metadata: string
  readonly entityId: string
  /** Certificates whose keys may sign assertions: base64 of DER, in the order of the metadata. */
  readonly signingCertificates: readonly string[]
  readonly validUntil: number
  readonly encryption?: 'Required' | 'Allowed'
  /** Keys that decrypt assertions, the oldest first. */
  readonly privateKeys: readonly SamlPrivateKey[]
  readonly contextProvider?: ContextProvider
  readonly tags: readonly Tag[]
}

export interface SamlPrivateKey {
  readonly id: string
  readonly addedAt: number
  /** PEM, sealed with the vault's key for the purpose `saml-private-key`. */
  readonly sealedKey: string
}

/** The purpose of sealing keys that decrypt SAML assertions. */
export const samlPrivateKeyPurpose = 'saml-private-key'

/** How an identity provider's tokens become context for trusted identity propagation; kept, never used (behaviour IAM-320). */
export interface ContextProvider {
  readonly SubjectSourceKey: string
  readonly KeyDefinitionList?:
    | readonly { readonly SourceKey: string; readonly TargetKey?: string | undefined }[]
    | undefined
  readonly SubjectTypeSourceKey?: string | undefined
  readonly SubjectTypeValue?: string | undefined
}

/** An OpenID Connect identity provider. */
export interface OidcProvider {
  /** The issuer without `https://`; the part after `oidc-provider/` in its ARN. */
  readonly url: string
  readonly createdAt: number
  readonly clientIds: readonly string[]
  /** SHA-1 of certificates, in hexadecimal. */
  readonly thumbprints: readonly string[]
  readonly contextProvider?: ContextProvider
  readonly identityCenter?: string
  readonly tags: readonly Tag[]
}

export const samlProviders = defineTable<SamlProvider, 'name'>({
  kind: 'iam/saml-provider',
  key: (r) => r.id,
  indexes: { name: (r) => r.name.toLowerCase() },
})
export const oidcProviders = defineTable<OidcProvider>({ kind: 'iam/oidc-provider', key: (r) => r.url })

/** `arn:PARTITION:iam::ACCOUNT:saml-provider/NAME`. */
export function samlProviderArn(account: ArnOwner, name: string): string {
  return iamArn(account, 'saml-provider', '/', name)
}

/** Returns `arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH`: the URL without its scheme. */
export function oidcProviderArn(account: ArnOwner, url: string): string {
  return iamArn(account, 'oidc-provider', '/', url)
}

/** Returns the SAML provider of an ARN, compared exactly. */
export function findSamlProvider(account: Account, arn: string): SamlProvider | undefined {
  return findByArn(account, samlProviders, 'saml-provider', arn)
}

/** Returns the OpenID Connect provider of an ARN, compared exactly. */
export function findOidcProvider(account: Account, arn: string): OidcProvider | undefined {
  const head = oidcProviderArn(account, '')
  return arn.startsWith(head) ? account.table(oidcProviders).find(arn.slice(head.length)) : undefined
}
