import { serviceInfo } from './catalogue/index.ts'

/** A token's claims, unchecked. */
export type TokenClaims = Readonly<Record<string, unknown>>

/** Returns the token's audience: `azp` if present, otherwise `aud` (behaviour STS-84). */
export function audiencesOf(claims: TokenClaims): readonly string[] {
  return claimTexts(claims.azp ?? claims.aud)
}

/**
 * Returns the condition keys of a provider's token (behaviours POL-067 and STS-85): aud, sub and amr for any provider,
 * oaud if azp replaced aud, and for some providers the claims that AWS lists.
 */
export function tokenKeysOf(
  claims: TokenClaims,
  prefix: string,
): Readonly<Record<string, readonly string[]>> {
  const keys: Record<string, readonly string[]> = {}
  const add = (name: string, values: readonly string[]) => {
    if (values.length > 0) keys[`${prefix}:${name}`] = values
  }
  add('aud', audiencesOf(claims))
  if (claims.azp !== undefined) add('oaud', claimTexts(claims.aud))
  add('sub', claimTexts(claims.sub))
  add('amr', claimTexts(claims.amr))
  for (const claim of listedFor(prefix))
    if (keys[`${prefix}:${claim}`] === undefined) add(claim, claimTexts(claimNamed(claims, claim)))
  return keys
}

/** Returns the claims of a provider's tokens that are condition keys. */
export function tokenClaimNames(prefix: string): readonly string[] {
  return [...new Set(['aud', 'oaud', 'sub', 'amr', ...listedFor(prefix)])]
}

/** Returns a text, number or boolean as texts, or several of them. No condition can use a claim of another type. */
export function claimTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(claimTexts)
  if (typeof value === 'string') return [value]
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

const tagsClaim = 'https://aws.amazon.com/tags'

/** The claim with which a token sets a source identity (behaviour STS-89). */
export const sourceIdentityClaim = 'https://aws.amazon.com/source_identity'

/** The claim with which a provider says for which roles a token is (behaviour STS-138). */
const rolesClaim = 'https://aws.amazon.com/roles'

/** Returns the roles that a token is for, by ARN; undefined if its provider does not say. */
export function tokenRolesOf(claims: TokenClaims): readonly string[] | undefined {
  const roles = claims[rolesClaim]
  return roles === undefined ? undefined : claimTexts(roles)
}

/**
 * Returns the session tags in the claim of AWS's namespace, an object or several claims whose names begin with it, and
 * the keys of those that are transitive (behaviour STS-88). Nothing is checked.
 */
export function tokenTagsOf(claims: TokenClaims): {
  readonly tags: ReadonlyMap<string, readonly string[]>
  readonly transitive: readonly string[]
} {
  const tags = new Map<string, readonly string[]>()
  let transitive: readonly string[] = []
  const whole = claims[tagsClaim]
  if (isObject(whole)) {
    if (isObject(whole.principal_tags))
      for (const [key, value] of Object.entries(whole.principal_tags)) tags.set(key, claimTexts(value))
    transitive = claimTexts(whole.transitive_tag_keys)
  }
  const flat = `${tagsClaim}/principal_tags/`
  for (const [name, value] of Object.entries(claims)) {
    if (name.startsWith(flat)) tags.set(name.slice(flat.length), claimTexts(value))
    if (name === `${tagsClaim}/transitive_tag_keys`) transitive = claimTexts(value)
  }
  return { tags, transitive }
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

function listedFor(prefix: string): readonly string[] {
  return listedClaims().flatMap(({ provider, claim }) => (provider.test(prefix) ? claim : []))
}

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
