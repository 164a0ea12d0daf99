import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { JSONWebKeySet, JWK } from 'jose'
import { type Dependencies, UntrustedServer, type Web } from '../authorization/index.ts'
import { changeSetting, keepLatest, perObject } from '../base/index.ts'
import type { WebIdentityCaller } from '../session/index.ts'

/** How long an issuer's keys are used before they are fetched again, in milliseconds. */
const freshFor = 300_000
/** Keys of this age are fetched again if a token's key is not among them: the issuer may have rotated its keys. */
const staleAfter = 10_000
const issuersKept = 500
/** AWS accepts 100 RSA and 100 elliptic curve keys of an issuer (behaviour STS-86). */
const mostKeys = 200

const setting = 'oidc-redirects'

/** How the identity of an issuer's servers was verified, in CloudTrail's words (behaviour STS-107). */
export type ConnectionProof = NonNullable<WebIdentityCaller['assertion']['proof']>

/** The keys that an issuer publishes. */
export interface IssuerKeys {
  readonly set: JSONWebKeySet
  readonly proof: ConnectionProof
}

interface Fetched {
  readonly at: number
  readonly keys: Promise<IssuerKeys>
}

const cacheOf = perObject((_web: Web) => new Map<string, Fetched>())

/**
 * Returns the keys that an issuer publishes. `again` asks for newer ones than those that lacked the token's. @throws
 * Error if they cannot be fetched
 */
export async function issuerKeys(
  issuer: string,
  thumbprints: readonly string[],
  deps: Dependencies,
  now: number,
  again = false,
): Promise<IssuerKeys> {
  const cache = cacheOf(deps.web)
  // another node may have redirected the issuer
  const place = (await redirects(deps))[nameOf(issuer)] ?? ''
  const name = `${issuer}\n${place}\n${thumbprints.join()}`
  const known = cache.get(name)
  if (known !== undefined && now >= known.at && now < known.at + (again ? staleAfter : freshFor))
    return known.keys
  const keys = fetchKeys(issuer, thumbprints, deps)
  keepLatest(cache, name, { at: now, keys }, issuersKept)
  // a failure is not cached
  keys.catch(() => cache.get(name)?.keys === keys && cache.delete(name))
  return keys
}

/**
 * Sets the address from which an issuer's documents are really fetched, so that a local issuer can replace a public
 * one under its name. `base` undefined ends it. Stored for all nodes.
 */
export async function redirectIssuer(
  deps: Dependencies,
  issuer: string,
  base: string | undefined,
): Promise<void> {
  await changeSetting(deps.directory.store, setting, (before) => {
    const { [nameOf(issuer)]: _, ...others } = redirectsIn(before)
    return JSON.stringify(
      base === undefined ? others : { ...others, [nameOf(issuer)]: base.replace(/\/$/, '') },
    )
  })
  cacheOf(deps.web).clear()
}

/** Returns the URL of one of an issuer's documents, redirected if the issuer is. */
export async function redirected(url: string, issuer: string, deps: Dependencies): Promise<string> {
  const base = (await redirects(deps))[nameOf(issuer)]
  if (base === undefined) return url
  // another name may begin with the issuer's
  return url === issuer || url.startsWith(`${issuer}/`) ? base + url.slice(issuer.length) : url
}

/** Returns whether an issuer's documents are fetched from another address than its own. */
export async function isRedirected(issuer: string, deps: Dependencies): Promise<boolean> {
  return (await redirects(deps))[nameOf(issuer)] !== undefined
}

async function redirects({ directory }: Dependencies): Promise<Readonly<Record<string, string>>> {
  return redirectsIn(await directory.store.readSetting(setting))
}

function redirectsIn(text = '{}'): Readonly<Record<string, string>> {
  return JSON.parse(text) as Record<string, string> // written by redirectIssuer
}

function nameOf(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '').replace(/\/$/, '')
}

async function fetchKeys(
  issuer: string,
  thumbprints: readonly string[],
  deps: Dependencies,
): Promise<IssuerKeys> {
  const base = issuer.replace(/\/$/, '')
  const discovery = await getProven(`${base}/.well-known/openid-configuration`)
  const { document } = discovery
  if (!isObject(document) || typeof document.jwks_uri !== 'string') throw new Error('no jwks_uri')
  if (document.issuer !== issuer) throw new Error('the document is another issuer’s')
  // a public document must not lead to a listener on this machine (behaviour STS-86)
  if (!document.jwks_uri.startsWith('https://') && (await redirected(base, base, deps)) === base)
    throw new Error('the keys have no TLS')
  const { document: keys, proof } = await getProven(document.jwks_uri)
  if (!isObject(keys) || !Array.isArray(keys.keys)) throw new Error('no keys')
  if (keys.keys.length > mostKeys) throw new Error('too many keys')
  return {
    set: { keys: keys.keys.filter(isPublicKey) },
    proof: discovery.proof === 'Thumbprint' ? 'Thumbprint' : proof,
  }

  /** Thumbprints count only if no known authority vouches for the server (behaviour STS-87). */
  async function getProven(url: string): Promise<{ document: unknown; proof: ConnectionProof }> {
    const place = await redirected(url, base, deps)
    try {
      return { document: await deps.web.getJson(place), proof: 'IAMTrustStore' }
    } catch (error) {
      if (thumbprints.length === 0 || !(error instanceof UntrustedServer)) throw error
      return { document: await deps.web.getJson(place, thumbprints), proof: 'Thumbprint' }
    }
  }
}

/** Returns whether a key can be used; unusable ones do not affect the others (behaviour STS-86). */
function isPublicKey(value: unknown): value is JWK {
  if (!isObject(value) || (value.kty !== 'RSA' && value.kty !== 'EC')) return false
  try {
    createPublicKey({ key: value as JsonWebKey, format: 'jwk' }) // what is none of its kind throws
    return true
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
