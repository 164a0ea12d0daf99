import {
  givesAccessTokens,
  verifiedAssertion,
  verifyAccessToken,
  verifyTokenOf,
} from '../../assertions/index.ts'
import { audiencesOf, type Call, type TokenClaims } from '../../authorization/index.ts'
import { Fault, fault } from '../../base/index.ts'
import { findSamlProvider, type IdentityPool, oidcProviders, poolQuotas } from '../../directory/index.ts'
import { notAuthorized } from './faults.ts'

/** The name of a pool's own tokens among logins. */
export const ownProvider = 'cognito-identity.amazonaws.com'

/** A login whose token is right. */
export interface Login {
  readonly provider: string
  /** The provider's name where roles and tags are mapped: that of a user pool has its client. */
  readonly mappedAs: string
  readonly subject: string
  readonly claims: TokenClaims
}

/** @throws Fault NotAuthorizedException if one of them is not right (behaviour COG-11) */
export async function provenLogins(
  logins: Readonly<Record<string, string>> = {},
  pool: IdentityPool,
  call: Call,
): Promise<readonly Login[]> {
  const loginEntries = Object.entries(logins)
  if (loginEntries.length > poolQuotas.logins) throw notAuthorized('There are too many logins.')
  return Promise.all(loginEntries.map(([provider, token]) => proven(provider, token, pool, call)))
}

async function proven(provider: string, token: string, pool: IdentityPool, call: Call): Promise<Login> {
  if (pool.samlProviders.includes(provider)) return provenBySaml(provider, token, call)
  const providerSettings = knownProvider(provider, pool, call)
  if (providerSettings === undefined)
    throw notAuthorized("Invalid login token. Issuer doesn't match providerName")
  if (givesAccessTokens(provider) && pool.supportedLogins[provider] !== undefined)
    return provenByAccessToken(provider, token, providerSettings, call)
  const { clientIds, thumbprints = [] } = providerSettings
  const isOwn = provider === ownProvider
  try {
    const { subject, claims } = await verifyTokenOf(
      token,
      (issuer) =>
        issuer === `https://${provider}` || (provider === 'accounts.google.com' && issuer === provider)
          ? { principal: provider, prefix: provider, clientIds, thumbprints, isOwn }
          : undefined,
      call,
    )
    const client = audiencesOf(claims).find((audience) => clientIds.includes(audience))
    return {
      provider,
      mappedAs: providerSettings.isUserPool ? `${provider}:${client}` : provider,
      subject,
      claims,
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message } = error
    if (code === 'ExpiredTokenException') {
      const [now, end] = message.match(/\d{9,}/g) ?? []
      throw notAuthorized(`Invalid login token. Token expired: ${now} >= ${end}`)
    }
    if (message.startsWith('No OpenIDConnect provider found'))
      throw notAuthorized("Invalid login token. Issuer doesn't match providerName")
    throw notAuthorized(`Invalid login token. ${message}`)
  }
}

/** The provider says whose the access token is, and of which application (behaviour COG-11). */
async function provenByAccessToken(
  provider: string,
  token: string,
  { clientIds }: Known,
  { deps }: Call,
): Promise<Login> {
  try {
    const { subject, audience } = await verifyAccessToken(provider, token, deps)
    if (!clientIds.includes(audience)) throw notAuthorized('Invalid login token. Incorrect token audience')
    return { provider, mappedAs: provider, subject, claims: { iss: provider, sub: subject, aud: audience } }
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'NotAuthorizedException') throw error
    if (error.code === 'IDPCommunicationError') throw fault('ExternalServiceException', error.message, 400)
    throw notAuthorized(`Invalid login token. ${error.message}`)
  }
}

/** The subject is the assertion's name, and its attributes are the claims (behaviour COG-29). */
async function provenBySaml(arn: string, response: string, call: Call): Promise<Login> {
  const provider = findSamlProvider(call.account, arn)
  if (provider === undefined) throw notAuthorized("Invalid login token. Issuer doesn't match providerName")
  try {
    const { nameId, attributes } = await verifiedAssertion(response, provider, call)
    const claims = Object.fromEntries(
      [...attributes].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
    )
    return { provider: arn, mappedAs: arn, subject: nameId, claims }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw notAuthorized(`Invalid login token. ${error.message}`)
  }
}

interface Known {
  readonly clientIds: readonly string[]
  readonly thumbprints?: readonly string[]
  readonly isUserPool?: boolean
}

/** A provider of the pool, and the audiences that its tokens may have. */
function knownProvider(name: string, pool: IdentityPool, { account }: Call): Known | undefined {
  if (name === ownProvider) return { clientIds: [pool.id] }
  const ofUserPool = pool.userPools.filter(({ provider }) => provider === name)
  if (ofUserPool.length > 0)
    return { clientIds: ofUserPool.map(({ clientId }) => clientId), isUserPool: true }
  const social = pool.supportedLogins[name]
  if (social !== undefined) return { clientIds: social.split(';') }
  const isListed = pool.oidcProviders.some((arn) => arn.endsWith(`:oidc-provider/${name}`))
  const registered = isListed ? account.table(oidcProviders).find(name) : undefined
  return registered && { clientIds: registered.clientIds, thumbprints: registered.thumbprints }
}
