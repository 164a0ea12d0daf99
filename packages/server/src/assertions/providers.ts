import type { Account } from '../directory/index.ts'
import { oidcProviderArn, oidcProviders } from '../directory/index.ts'

/** The identity provider of a token's issuer. */
export interface Provider {
  /** Its name in trust policies: an ARN, or the host name of a well-known provider. */
  readonly principal: string
  /** The prefix of its condition keys. */
  readonly prefix: string
  /** Accepted audiences; if undefined, only the role's trust policy decides. */
  readonly clientIds?: readonly string[]
  readonly thumbprints: readonly string[]
  /** Whether this server signs its tokens, unless a local issuer replaces it. */
  readonly isOwn?: boolean
}

/** The issuer of the tokens of Cognito's identity pools, which are this server's own (behaviour COG-12). */
const identityPools = 'cognito-identity.amazonaws.com'

/** OpenID Connect providers that need no registration (behaviour STS-82). */
const wellKnown: ReadonlySet<string> = new Set(['accounts.google.com', identityPools])

/** Returns the provider of an issuer in an account; undefined if it is not registered. */
export function providerOf(issuer: string, account: Account): Provider | undefined {
  // tokens of GetWebIdentityToken are for outside AWS and are not accepted here (behaviour STS-103)
  if (issuer.endsWith('.tokens.sts.global.api.aws')) return undefined
  const name = issuer.replace(/^https:\/\//, '')
  if (wellKnown.has(name))
    return { principal: name, prefix: name, thumbprints: [], isOwn: name === identityPools }
  const registered = account.table(oidcProviders).find(name)
  if (registered === undefined) return undefined
  const { url, clientIds, thumbprints } = registered
  return { principal: oidcProviderArn(account, url), prefix: url, clientIds, thumbprints }
}
