import type { KeyDomain } from '@omen-iam/policy'
import { isSeen } from '../../authorization/index.ts'
import type { SureTags } from '../world/world.ts'

/**
 * The condition keys of tags: with the start `aws:RequestTag`, `aws:RequestTag/KEY` for each. Of tags whose keys differ in case
 * alone there is the one that AWS sees. [POL-178]
 */
export function keysOfTags(
  start: `${string}:${'Principal' | 'Request' | 'Resource'}Tag`,
  tags: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const seen = new Map<string, string>()
  for (const tag of Object.keys(tags)) {
    const key = `${start}/${tag}`
    const twin = seen.get(key.toLowerCase())
    if (twin === undefined || !isSeen(twin, key)) seen.set(key.toLowerCase(), key)
  }
  return Object.fromEntries([...seen.values()].map((key) => [key, tags[key.slice(start.length + 1)] ?? '']))
}

/** The condition keys of tags that are sure to be written, and of those that are sure to be absent. */
export function sureKeys(
  start: Parameters<typeof keysOfTags>[0],
  tags: SureTags = {},
): { readonly context: Record<string, string>; readonly open: Record<string, KeyDomain> } {
  const written: Record<string, string> = {}
  const open: Record<string, KeyDomain> = {}
  for (const [key, value] of Object.entries(tags))
    if (value === undefined) open[`${start}/${key}`] = { values: [], mayBeAbsent: true }
    else written[key] = value
  return { context: keysOfTags(start, written), open }
}

/** The same where nobody can rely on them: iam:PassRole may have the tags of the role, or none. [POL-076] */
export function unreliable(keys: Readonly<Record<string, string>>): Record<string, KeyDomain> {
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key, { values: [value], mayBeAbsent: true }]),
  )
}
