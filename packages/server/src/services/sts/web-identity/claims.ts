import { serviceInfo } from '../../../authorization/catalogue/index.ts'
import { fault } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { AssertedKeys } from '../../../session/index.ts'
import { checkAssertedTags } from '../session-tags.ts'

/** A token's claims, unchecked. */
export type TokenClaims = Readonly<Record<string, unknown>>

/** Returns the token's audience: `azp` if present, otherwise `aud` (behaviour STS-84). */
export function audiencesOf(claims: TokenClaims): readonly string[] {
  return texts(claims.azp ?? claims.aud)
}

/**
 * Returns the condition keys of a provider's token (behaviours POL-067 and STS-85): aud, sub and amr for any provider,
 * oaud if azp replaced aud, and for some providers the claims that AWS lists.
 */
export function keysOf(claims: TokenClaims, prefix: string): AssertedKeys {
  const keys: Record<string, readonly string[]> = {}
  const add = (name: string, values: readonly string[]) => {
    if (values.length > 0) keys[`${prefix}:${name}`] = values
  }
  add('aud', audiencesOf(claims))
  if (claims.azp !== undefined) add('oaud', texts(claims.aud))
  add('sub', texts(claims.sub))
  add('amr', texts(claims.amr))
  for (const { provider, claim } of listedClaims()) {
    if (provider.test(prefix) && keys[`${prefix}:${claim}`] === undefined)
      add(claim, texts(claimNamed(claims, claim)))
  }
  return keys
}

const tagsClaim = 'https://aws.amazon.com/tags'
const sourceIdentityClaim = 'https://aws.amazon.com/source_identity'

/** Returns the session tags of the token. */
export interface TokenTags {
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
}

/**
 * Returns the tags in the claim of AWS's namespace, an object or several claims whose names begin with it (behaviour
 * STS-88). @throws Fault if they break the rules of session tags
 */
export function tagsOf(claims: TokenClaims): TokenTags {
  const principalTags = new Map<string, unknown>()
  let transitive: readonly string[] = []
  const whole = claims[tagsClaim]
  if (isObject(whole)) {
    if (isObject(whole.principal_tags)) {
      for (const [key, value] of Object.entries(whole.principal_tags)) principalTags.set(key, value)
    }
    transitive = texts(whole.transitive_tag_keys)
  }
  const flat = `${tagsClaim}/principal_tags/`
  for (const [name, value] of Object.entries(claims)) {
    if (name.startsWith(flat)) principalTags.set(name.slice(flat.length), value)
    if (name === `${tagsClaim}/transitive_tag_keys`) transitive = texts(value)
  }
  const tags = [...principalTags].map(([Key, value]) => ({ Key, Value: single(Key, value) }))
  checkAssertedTags(tags, transitive)
  return { tags, transitiveTagKeys: transitive }
}

/** @throws Fault InvalidIdentityToken if it is present and malformed */
export function sourceIdentityIn(claims: TokenClaims): string | undefined {
  const given = claims[sourceIdentityClaim]
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^[\w+=,.@-]{2,64}$/.test(given)) return given
  throw fault(
    'InvalidIdentityToken',
    'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    400,
  )
}

function single(key: string, value: unknown): string {
  const values = texts(value)
  if (values.length === 1 && key.length >= 1) return values[0]!
  throw fault('InvalidIdentityToken', `The session tag ${key} must have one value.`, 400)
}

/** Returns a text, number or boolean as texts, or several of them. No condition can use a claim of another type. */
function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts)
  if (typeof value === 'string') return [value]
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

/** Returns a claim by name, or one inside another: `google/organization_number`. */
function claimNamed(claims: TokenClaims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  const slash = name.indexOf('/')
  const inner = slash < 0 ? undefined : claims[name.slice(0, slash)]
  return isObject(inner) ? inner[name.slice(slash + 1)] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface ListedClaim {
  readonly provider: RegExp
  readonly claim: string
}

let listed: readonly ListedClaim[] | undefined

/** The catalogue's keys of the form `PROVIDER:CLAIM`; `${…}` in a provider's name means a variable part. */
function listedClaims(): readonly ListedClaim[] {
  listed ??= (serviceInfo('sts')?.conditionKeys ?? []).flatMap(({ key }) => {
    const colon = key.indexOf(':')
    const provider = key.slice(0, colon)
    if (!provider.includes('.')) return []
    const pattern = provider
      .split(/\$\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]+')
    return [{ provider: new RegExp(`^${pattern}$`), claim: key.slice(colon + 1) }]
  })
  return listed
}
