import type { IdentityPool } from '../../directory/index.ts'
import { type Login, ownProvider } from './logins.ts'

/** The claim of a token that has tags for its session. */
export const tagsClaim = 'https://aws.amazon.com/tags'

/** The defaults of a map: the user, and the client (behaviour COG-23). */
const defaults: Readonly<Record<string, string>> = { username: 'sub', client: 'aud' }

/** Returns the tags of the session by the maps of the logins' providers. A claim that is absent gives none. */
export function principalTags(
  pool: IdentityPool,
  logins: readonly Login[],
): Readonly<Record<string, readonly string[]>> {
  const tags: Record<string, readonly string[]> = {}
  for (const { provider, mappedAs, claims } of logins) {
    if (provider === ownProvider) Object.assign(tags, ownTags(claims))
    const map = pool.tagMaps[provider] ?? pool.tagMaps[mappedAs]
    if (map === undefined) continue
    for (const [key, claim] of Object.entries(map.useDefaults ? defaults : map.tags)) {
      const value = claims[claim]
      const text = Array.isArray(value) ? value.map(String).join(',') : value
      if (typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean') {
        const tag = String(text)
        if (/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(tag)) tags[key] = [tag]
      }
    }
  }
  return tags
}

/** The tags that a backend gave its user: this server signed them into the token. */
function ownTags({ [tagsClaim]: given }: Login['claims']): Readonly<Record<string, readonly string[]>> {
  return (given as OwnTags | undefined)?.principal_tags ?? {} // signed by claimsOf
}

interface OwnTags {
  readonly principal_tags?: Readonly<Record<string, readonly string[]>>
}
