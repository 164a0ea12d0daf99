import { query } from './aws.ts'
import type { Tag } from './query-protocol.ts'

/** An identity provider of the account. */
export interface Provider {
  readonly kind: 'oidc' | 'saml'
  readonly arn: string
  /** The host of an OpenID Connect issuer, or the name of a SAML provider. */
  readonly name: string
}

/** All identity providers of the account. */
export async function listProviders(signal?: AbortSignal): Promise<readonly Provider[]> {
  const [oidc, saml] = await Promise.all([
    query('iam', 'ListOpenIDConnectProviders', {}, { signal }),
    query('iam', 'ListSAMLProviders', {}, { signal }),
  ])
  const nameOf = (arn: string) => arn.slice(arn.indexOf('provider/') + 'provider/'.length)
  const of =
    (kind: Provider['kind']) =>
    (arn: string): Provider => ({ kind, arn, name: nameOf(arn) })
  return [
    ...oidc.list('OpenIDConnectProviderList').map((each) => of('oidc')(each.text('Arn'))),
    ...saml.list('SAMLProviderList').map((each) => of('saml')(each.text('Arn'))),
  ]
}

/** The details of one provider. */
export interface ProviderDetails {
  readonly created: string
  readonly tags: readonly Tag[]
  /** Of an OpenID Connect provider. */
  readonly audiences: readonly string[]
  readonly thumbprints: readonly string[]
  /** Of a SAML provider. */
  readonly validUntil?: string
}

/** One provider in full. */
export async function providerDetails(
  { kind, arn }: Provider,
  signal?: AbortSignal,
): Promise<ProviderDetails> {
  if (kind === 'oidc') {
    const found = await query(
      'iam',
      'GetOpenIDConnectProvider',
      { OpenIDConnectProviderArn: arn },
      { signal },
    )
    return {
      created: found.text('CreateDate'),
      tags: found.tags(),
      audiences: found.list('ClientIDList').map(({ own }) => own),
      thumbprints: found.list('ThumbprintList').map(({ own }) => own),
    }
  }
  const found = await query('iam', 'GetSAMLProvider', { SAMLProviderArn: arn }, { signal })
  const validUntil = found.optional('ValidUntil')
  return {
    created: found.text('CreateDate'),
    tags: found.tags(),
    audiences: [],
    thumbprints: [],
    ...(validUntil === undefined ? {} : { validUntil }),
  }
}

/** Deletes a provider. */
export async function deleteProvider({ kind, arn }: Provider): Promise<void> {
  if (kind === 'oidc') await query('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn })
  else await query('iam', 'DeleteSAMLProvider', { SAMLProviderArn: arn })
}
