import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { statementsAbout } from '../request/statements.ts'
import { textFor } from '../world/pattern.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { tagValue } from './tag-value.ts'

/** The most sets of further tags that are tried. */
const most = 50

/** Tags that are written or taken away beside another one: the policies may ask for them. */
export type Companions = Readonly<Record<string, string>>

/**
 * Sets of further tags for a call that tags, or that takes tags away: conditions on `aws:RequestTag/…` and `aws:TagKeys`
 * of the statements about it ask for them. The first set is empty.
 */
export function companionsOf(
  shared: Shared,
  actor: Actor,
  action: string,
  key: string,
): readonly Companions[] {
  const sets = new Map<string, Record<string, string>>([['{}', {}]])
  const all: Record<string, string> = {}
  for (const { condition } of statementsAbout(actor.variant.policies, action)) {
    const set: Record<string, string> = {}
    for (const { operator, key: name, values } of condition) {
      const tag = /^aws:RequestTag\/(.+)$/i.exec(name)?.[1]
      const isKeys = /^aws:TagKeys$/i.test(name)
      const pattern = values[0]?.value
      if ((tag === undefined && !isKeys) || pattern === undefined) continue
      const isPresence = /^null$/i.test(operator)
      if (isKeys && isPresence) continue
      const text = isPresence ? 'omen' : tagValue(shared, actor, fitting(pattern))
      if (text === undefined || text === '') continue
      const [other, value] = isKeys ? [text, 'omen'] : [tag ?? '', text]
      if (isWritableTag(other) && other.toLowerCase() !== key.toLowerCase()) set[other] = value
    }
    if (Object.keys(set).length === 0) continue
    Object.assign(all, set)
    sets.set(JSON.stringify(set), set)
  }
  if (sets.size > 2) sets.set(JSON.stringify(all), all)
  return [...sets.values()].slice(0, most)
}

/** A text that fits a pattern; policy variables stay. */
function fitting(pattern: string): string {
  return pattern.includes('${') ? pattern : textFor(pattern)
}
