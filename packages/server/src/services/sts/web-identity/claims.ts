import { serviceInfo } from '../../../authorization/catalogue/index.ts'
import { fault } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { AssertedKeys } from '../../../session/index.ts'
import { checkAssertedTags } from '../session-tags.ts'

/** A token's claims, as they came. */
export type TokenClaims = Readonly<Record<string, unknown>>

/** Whom the token speaks to: `azp` where it is given, else `aud` (behaviour STS-84). */
export function audiencesOf(claims: TokenClaims): readonly string[] {
  return texts(claims.azp ?? claims.aud)
}

/**
 * The condition keys that a provider's token brings (behaviours POL-067 and STS-85): aud, sub and amr of any,
 * oaud where azp took its place, and of some providers the claims that AWS lists for them.
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

/** Session tags that the token brings. */
export interface TokenTags {
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
}

/**
 * Tags in the claim of AWS's namespace, as an object or spread over claims whose names begin with it
 * (behaviour STS-88). @throws Fault where they are not what session tags may be
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

/** @throws Fault InvalidIdentityToken where it is given and cannot be one */
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

/** A text, number or truth as texts; several of them too. Whatever else a claim is, no condition can ask for. */
function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts)
  if (typeof value === 'string') return [value]
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

/** A claim of that name, or one within another: `google/organization_number`. */
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

/** The catalogue's keys of the form `PROVIDER:CLAIM`; `${…}` in a provider's name stands for a part of it. */
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
