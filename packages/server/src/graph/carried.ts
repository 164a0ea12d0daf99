/**
 * What a session passes on to the session of every role that it assumes: its source identity, and its transitive tags.
 * [POL-050, POL-056]
 */
export interface Carried {
  readonly sourceIdentity?: string | undefined
  /** The transitive tags. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** What most sessions pass on. */
export const nothingCarried: Carried = {}

/** What is passed on, in words; the empty text if nothing is. Equal texts mean the same. */
export function carriedName({ sourceIdentity, tags = {} }: Carried): string {
  const identity = sourceIdentity === undefined ? '' : ` with the source identity ${sourceIdentity}`
  const pairs = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? identity : `${identity} with the transitive tags ${pairs.sort().join(', ')}`
}

/** The same with more transitive tags. */
export function carriedWith(carried: Carried, tags: Readonly<Record<string, string>>): Carried {
  return { ...carried, tags: { ...carried.tags, ...tags } }
}

/** Tags with others in their place: keys of tags that differ only in case are the same key. [POL-057] */
export function withTags(
  tags: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const replaced = new Set(Object.keys(more).map((key) => key.toLowerCase()))
  if (replaced.size === 0) return tags
  const kept = Object.entries(tags).filter(([key]) => !replaced.has(key.toLowerCase()))
  return { ...Object.fromEntries(kept), ...more }
}
