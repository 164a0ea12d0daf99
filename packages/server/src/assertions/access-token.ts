import type { Dependencies } from '../authorization/index.ts'
import { fault } from '../base/index.ts'
import type { Assertion } from '../session/index.ts'
import { redirected } from './issuer-keys.ts'

/** An OAuth provider's answer about an access token. */
export type AccessTokenAssertion = Assertion & { readonly issuer: string; readonly audience: string }

interface OAuthProvider {
  /** The address of the provider, and the claims of its answers: subject first, then the application. */
  readonly questions: readonly { readonly url: string; readonly claims: Readonly<Record<string, string>> }[]
  readonly subject: string
  readonly audience: string
}

/** The two providers of OAuth 2.0 access tokens (behaviour STS-82). */
const providers: Readonly<Record<string, OAuthProvider>> = {
  'www.amazon.com': {
    questions: [
      {
        url: 'https://api.amazon.com/auth/o2/tokeninfo?access_token=',
        claims: { user_id: 'user_id', aud: 'app_id' },
      },
    ],
    subject: 'user_id',
    audience: 'app_id',
  },
  'graph.facebook.com': {
    questions: [
      { url: 'https://graph.facebook.com/me?fields=id&access_token=', claims: { id: 'id' } },
      { url: 'https://graph.facebook.com/app?fields=id&access_token=', claims: { id: 'app_id' } },
    ],
    subject: 'id',
    audience: 'app_id',
  },
}

/** Whether a provider gives access tokens, and no tokens of OpenID Connect. */
export function givesAccessTokens(provider: string): boolean {
  return Object.hasOwn(providers, provider)
}

/** Asks an OAuth provider for the owner of an access token. @throws Fault */
export async function verifyAccessToken(
  providerId: string,
  token: string,
  deps: Dependencies,
): Promise<AccessTokenAssertion> {
  const provider = givesAccessTokens(providerId) ? providers[providerId] : undefined
  if (provider === undefined) {
    throw fault('InvalidParameterValue', `Provider ${providerId} is not supported`, 400)
  }
  const found: Record<string, string> = {}
  for (const { url, claims } of provider.questions) {
    const answer = await ask(url + encodeURIComponent(token), deps)
    for (const [claim, key] of Object.entries(claims)) {
      const value = answer[claim]
      if (typeof value !== 'string' || value === '') throw rejected()
      found[key] = value
    }
  }
  return {
    provider: providerId,
    issuer: providerId,
    subject: found[provider.subject]!, // every question's claims were found
    audience: found[provider.audience]!, // the same
    keys: Object.fromEntries(Object.entries(found).map(([key, value]) => [`${providerId}:${key}`, [value]])),
    tags: [],
    transitiveTagKeys: [],
  }
}

async function ask(url: string, deps: Dependencies): Promise<Readonly<Record<string, unknown>>> {
  try {
    const answer = await deps.web.getJson(await redirected(url, new URL(url).origin, deps))
    if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown> // JSON's objects are
  } catch (error) {
    // it answered with a refusal
    if (error instanceof Error && error.message.startsWith('answered 4')) throw rejected()
    throw fault('IDPCommunicationError', 'The identity provider could not be reached.', 400)
  }
  throw rejected()
}

function rejected() {
  return fault('IDPRejectedClaim', 'The identity provider rejected the token.', 403)
}
