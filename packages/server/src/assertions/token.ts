import type { JSONWebKeySet, JWTHeaderParameters } from 'jose'
import { audiencesOf, type Call, type TokenClaims, UntrustedServer } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import { publicKeys } from '../grants/index.ts'
import { type ConnectionProof, type IssuerKeys, isRedirected, issuerKeys } from './issuer-keys.ts'
import { type Provider, providerOf } from './providers.ts'

/** A token with a verified signature, time and audience. */
export interface VerifiedToken {
  readonly provider: Provider
  readonly issuer: string
  readonly subject: string
  readonly claims: TokenClaims
  /** How the identity of the issuer's servers was verified. */
  readonly proof: ConnectionProof
}

const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
/** The tolerated difference between clocks (behaviour STS-83). */
const skew = 300_000

/** The parts of a call that the verification of a token needs. */
export type Asking = Pick<Call, 'deps' | 'now'>

/** Verifies a token of a provider that the account knows. @throws Fault */
export function verifyToken(token: string, call: Call): Promise<VerifiedToken> {
  return verifyTokenOf(token, (issuer) => providerOf(issuer, call.account), call)
}

/**
 * Verifies an OpenID Connect ID token of a provider that `find` knows by its issuer. Only the issuer is read before the
 * signature is verified. @throws Fault
 */
export async function verifyTokenOf(
  token: string,
  find: (issuer: string) => Provider | undefined,
  call: Asking,
): Promise<VerifiedToken> {
  const jose = await import('jose')
  let header: JWTHeaderParameters
  let issuer: string | undefined
  try {
    header = jose.decodeProtectedHeader(token) as JWTHeaderParameters // `alg` is checked below
    issuer = jose.decodeJwt(token).iss
  } catch {
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
  if (typeof issuer !== 'string' || issuer === '') throw invalid('Missing a required claim: iss')
  const provider = find(issuer)
  if (provider === undefined) throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  if (!algorithms.includes(header.alg)) throw invalid('The token is not signed with a supported algorithm')
  const { claims, proof } = await verifiedClaims(token, issuer, provider, call)
  checkTimes(claims, call.now)
  checkAudience(claims, provider)
  if (typeof claims.sub !== 'string' || claims.sub === '') throw invalid('Missing a required claim: sub')
  return { provider, issuer, subject: claims.sub, claims, proof }
}

/** Returns the claims after the issuer's signature is verified. */
async function verifiedClaims(
  token: string,
  issuer: string,
  provider: Provider,
  call: Asking,
): Promise<Pick<VerifiedToken, 'claims' | 'proof'>> {
  const { errors } = await import('jose')
  const url = issuer.startsWith('https://') ? issuer : `https://${issuer}`
  for (const again of [false, true]) {
    try {
      const { set, proof } = await keysOf(url, provider, call, again)
      const payload = await verified(token, set)
      const claims = JSON.parse(new TextDecoder().decode(payload)) as TokenClaims // decodeJwt found an object in it
      return { claims, proof }
    } catch (error) {
      // the issuer may have rotated its keys since they were fetched
      if (error instanceof errors.JWKSNoMatchingKey && !again) continue
      if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWSInvalid) {
        throw invalid('The signature of the token is invalid')
      }
      if (error instanceof UntrustedServer) {
        throw invalid("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
      }
      throw noKey()
    }
  }
  throw noKey()
}

/** The keys of an issuer: this server's own, or those that it publishes. */
async function keysOf(
  url: string,
  { thumbprints, isOwn }: Provider,
  { deps, now }: Asking,
  again: boolean,
): Promise<IssuerKeys> {
  if (isOwn === true && !(await isRedirected(url, deps)))
    return { set: { keys: [...(await publicKeys(deps))] }, proof: 'IAMTrustStore' }
  return issuerKeys(url, thumbprints, deps, now, again)
}

/** Returns the payload, with whichever of the issuer's keys verifies it. @throws an error of jose if none does */
async function verified(token: string, set: JSONWebKeySet): Promise<Uint8Array> {
  const { compactVerify, createLocalJWKSet, errors } = await import('jose')
  try {
    return (await compactVerify(token, createLocalJWKSet(set), { algorithms })).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await compactVerify(token, key, { algorithms })).payload
      } catch {
        // not this one
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

/** @throws Fault if the token is not valid now, or does not state its validity */
function checkTimes(claims: TokenClaims, now: number): void {
  const exp = instant(claims, 'exp')
  const iat = instant(claims, 'iat')
  if (exp === undefined) throw invalid('Missing a required claim: exp')
  if (iat === undefined) throw invalid('Missing a required claim: iat')
  if (now >= exp * 1000 + skew) {
    const seconds = Math.floor(now / 1000)
    throw fault(
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${exp}`,
      400,
    )
  }
  const begins = Math.max(iat, instant(claims, 'nbf') ?? iat)
  if (now < begins * 1000 - skew) throw invalid('The token is not yet valid')
}

/** @throws Fault InvalidIdentityToken if it is not an integer */
function instant(claims: TokenClaims, name: 'exp' | 'iat' | 'nbf'): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw invalid(`The claim ${name} must be an integer`)
}

/** @throws Fault if the provider's record does not list the token's audience */
function checkAudience(claims: TokenClaims, { clientIds }: Provider): void {
  const audiences = audiencesOf(claims)
  if (audiences.length === 0) throw invalid('Missing a required claim: aud')
  if (clientIds !== undefined && !audiences.some((audience) => clientIds.includes(audience))) {
    throw invalid('Incorrect token audience')
  }
}

function noKey(): Fault {
  return invalid(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  )
}

function invalid(message: string): Fault {
  return fault('InvalidIdentityToken', message, 400)
}
