import type { KeyDomain } from '@omen-iam/policy'

/** The condition keys of tags: with the start `aws:RequestTag`, `aws:RequestTag/KEY` for each. */
export function keysOfTags(
  start: `${string}:${'Principal' | 'Request' | 'Resource'}Tag`,
  tags: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${start}/${key}`, value]))
}

/** The same where nobody can rely on them: iam:PassRole may have the tags of the role, or none. [POL-076] */
export function unreliable(keys: Readonly<Record<string, string>>): Record<string, KeyDomain> {
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key, { values: [value], mayBeAbsent: true }]),
  )
}
