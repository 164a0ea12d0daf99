import type { Account } from '../../../directory/index.ts'
import { oidcProviderArn, oidcProviders } from '../../../directory/index.ts'

/** An identity provider as a token's issuer names it. */
export interface Provider {
  /** What trust policies call it: an ARN, or the name of one that every account knows. */
  readonly principal: string
  /** What its condition keys begin with. */
  readonly prefix: string
  /** Audiences that it may speak to; undefined: only the role's trust policy decides. */
  readonly clientIds?: readonly string[]
  readonly thumbprints: readonly string[]
}

/** OpenID Connect providers that need no registration (behaviour STS-82). */
const wellKnown: ReadonlySet<string> = new Set(['accounts.google.com', 'cognito-identity.amazonaws.com'])

/** The provider of an issuer, in an account; undefined where nobody registered it. */
export function providerOf(issuer: string, account: Account): Provider | undefined {
  // tokens of GetWebIdentityToken lead out of AWS, never back in (behaviour STS-103)
  if (issuer.endsWith('.tokens.sts.global.api.aws')) return undefined
  const name = issuer.replace(/^https:\/\//, '')
  if (wellKnown.has(name)) return { principal: name, prefix: name, thumbprints: [] }
  const registered = account.table(oidcProviders).find(name)
  if (registered === undefined) return undefined
  const { url, clientIds, thumbprints } = registered
  return { principal: oidcProviderArn(account, url), prefix: url, clientIds, thumbprints }
}
