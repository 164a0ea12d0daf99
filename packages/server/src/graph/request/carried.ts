import type { StatedClaims } from './stated-claims.ts'

/**
 * The values that a session brings to its calls: its source identity and its transitive tags, which persist in the session of every
 * role that it assumes, and the tags of this session alone. [POL-050, POL-055, POL-056]
 */
export interface Carried {
  readonly sourceIdentity?: string | undefined
  /** The transitive tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** The session tags that are not transitive. The next role drops them. */
  readonly session?: Readonly<Record<string, string>> | undefined
  /** The token that the session was begun with. The next role drops it. */
  readonly token?: Token | undefined
  /** The name of the session, where policies read names and the call could not give any. The next role drops it. */
  readonly name?: string | undefined
  /** The resource that its code runs in, by the key that holds it, where policies read it. The next role drops it. */
  readonly source?: Readonly<Record<string, string>> | undefined
}

/** A token or an assertion of an identity provider, with which a role was assumed. */
export interface Token {
  /** The provider as the trust policy names it. */
  readonly provider: string
  readonly action: 'sts:AssumeRoleWithWebIdentity' | 'sts:AssumeRoleWithSAML'
  /** Whether it brings session tags. */
  readonly hasTags: boolean
  /** The transitive session tags, as far as later roles ask for them. */
  readonly transitive?: Readonly<Record<string, string>>
  /** The claims that it is known to hold; if absent, it may hold any. */
  readonly says?: StatedClaims
  /** The name that the session gets; if absent, any. */
  readonly name?: string
}

/** A name or a tag that a session is given. Also a condition's demand on its source identity. */
export interface SessionGift {
  /** `name`, `aws:SourceIdentity`, or `aws:PrincipalTag/…`. */
  readonly key: string
  readonly value: string
}

/** The value that most sessions pass on. */
export const nothingCarried: Carried = {}

/** Names what a session brings; the empty text if it brings nothing. Equal texts mean the same. */
export function carriedName({ sourceIdentity, tags, session, token, name, source }: Carried): string {
  const called = name === undefined ? '' : ` named ${name}`
  const identity = sourceIdentity === undefined ? '' : ` with the source identity ${sourceIdentity}`
  return `${called}${named('source', source)}${identity}${named('transitive tags', tags)}${named('session tags', session)}${tokenName(token)}`
}

function tokenName(token: Token | undefined): string {
  if (token === undefined) return ''
  const says = token.says === undefined ? '' : ` that says ${JSON.stringify(token.says)}`
  const transitive = named('transitive tags', token.transitive)
  // the name is that of the session
  return ` by a token of ${token.provider}${token.hasTags ? ' with session tags' : ''}${transitive}${says}`
}

function named(what: string, tags: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? '' : ` with the ${what} ${pairs.sort().join(', ')}`
}

/** Returns what a session passes on to the session of a role that it assumes. */
export function passedOn({ session: _, token: __, name: ___, source: ____, ...carried }: Carried): Carried {
  return carried
}

/** The tags of a session, those that it inherits among them; its role's own are not. */
export function sessionTags({ tags = {}, session = {} }: Carried): Readonly<Record<string, string>> {
  return withTags(tags, session)
}

/** The same with more transitive tags. */
export function carriedWith(carried: Carried, tags: Readonly<Record<string, string>>): Carried {
  return { ...carried, tags: { ...carried.tags, ...tags } }
}

/** Tags with others in their place: keys of tags that differ only in case are the same key. [POL-055, POL-057] */
export function withTags<Value extends string | undefined>(
  tags: Readonly<Record<string, Value>>,
  more: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const replaced = new Set(Object.keys(more).map((key) => key.toLowerCase()))
  if (replaced.size === 0) return tags
  const kept = Object.entries(tags).filter(([key]) => !replaced.has(key.toLowerCase()))
  return { ...Object.fromEntries(kept), ...more }
}
