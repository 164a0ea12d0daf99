import {
  type TechniqueNeed,
  type TechniqueTable,
  techniqueTable,
} from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { keysOfTags, unreliable } from './keys-of-tags.ts'
import type { CallerKeys } from './variant.ts'

/** The call that tags what another call makes: it is asked for if tags come with that call. */
export function tagCallOf(action: string): string | undefined {
  return techniqueTable().calls[action]?.tags
}

/** The calls that tag what another one makes. */
const tagCalls = perObject(
  ({ calls }: TechniqueTable): ReadonlySet<string> =>
    new Set(Object.values(calls).flatMap((call) => call?.tags ?? [])),
)

/** The tags of something that the attacker makes, and whether they come with the call that makes it. */
export interface NewTags {
  readonly tags: Readonly<Record<string, string>>
  readonly with: 'making' | 'tagging'
}

/** Tags in words. */
export function namesOfTags(tags: NewTags['tags']): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

/** The condition keys of a request about what is new. */
export function newTagKeys(
  { action, on }: TechniqueNeed,
  { tags, with: place }: NewTags,
  keys: CallerKeys,
): CallerKeys {
  if (on.is !== 'new') return keys
  const service = action.slice(0, action.indexOf(':'))
  const chosen = { ...keys.chosen }
  const context = { ...keys.context }
  const isMaking = tagCallOf(action) !== undefined
  if (isMaking || tagCalls(techniqueTable()).has(action)) {
    delete chosen['aws:RequestTag/*']
    delete chosen['aws:TagKeys']
    if (isMaking && place === 'tagging') return { ...keys, chosen }
    // The call may bring further tags.
    const more = context['aws:TagKeys']
    for (const key of Object.keys(tags)) delete chosen[`aws:RequestTag/${key}`]
    context['aws:TagKeys'] = [...new Set([...(Array.isArray(more) ? more : []), ...Object.keys(tags)])]
    Object.assign(context, keysOfTags('aws:RequestTag', tags))
  } else {
    const given = { ...keysOfTags('aws:ResourceTag', tags), ...keysOfTags(`${service}:ResourceTag`, tags) }
    if (action === 'iam:PassRole') return { ...keys, open: { ...keys.open, ...unreliable(given) } }
    Object.assign(context, given)
  }
  return { ...keys, context, chosen }
}
