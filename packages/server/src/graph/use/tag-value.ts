import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { callerKeys } from '../request/caller.ts'

/** A value of a tag that no condition names: instead of one that a Deny names. */
export const otherTag = 'omen-other'

/** A tag's value for an actor: policy variables hold what they hold for it; undefined if that is not known. */
export function tagValue({ world }: Shared, actor: Actor, pattern: string): string | undefined {
  if (!pattern.includes('${')) return pattern
  const { context } = callerKeys(world, actor)
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  let isKnown = true
  const value = pattern.replaceAll(/\$\{([^${}]{1,200})\}/g, (_, name: string) => {
    const held = known.get(name.trim().toLowerCase())
    if (typeof held !== 'string') isKnown = false
    return String(held)
  })
  return isKnown && !/[*?$]/.test(value) ? value : undefined
}
