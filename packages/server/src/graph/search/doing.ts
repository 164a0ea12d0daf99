import type { Technique } from '../../authorization/catalogue/index.ts'
import { sayingOfRead } from '../relevance/saying.ts'
import { countsTrust } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Variant } from '../request/variant.ts'
import { isChanging } from '../use/change-uses.ts'

type Questions = Pick<Shared, 'table' | 'readsOf' | 'callerKey' | 'classes' | 'readsTagsOf' | 'tagKey'>

/** The name of an actor for a technique, beside what its policies say: as trust policies see it, and with the room that it made. */
function callerOf(shared: Questions, actor: Actor, technique: Technique): string {
  const { variant } = actor
  const count = (...kinds: readonly Change['is'][]): number =>
    variant.applied.filter(({ is }) => kinds.includes(is)).length
  // Where several are given, it counts how many were taken before to make room.
  const room = count('joined', 'attached') < 2 ? 0 : count('left', 'without')
  const tags = countsTrust(technique) ? shared.classes.tagsOf(variant) : ''
  const own = shared.readsTagsOf(variant.principal, actor, technique) ? shared.tagKey(variant.ownTags) : ''
  return `${shared.callerKey(actor)} ${tags} ${own} ${room}`
}

/** Returns what an actor has taken from itself: it decides what can be given back. */
function takenBy({ applied }: Variant, technique: Technique): string {
  if (applied.length === 0 || !isChanging(technique)) return ''
  const lost = applied.filter(({ is }) => is === 'left' || is === 'without' || is === 'version')
  return lost.map(changeName).sort().join()
}

/**
 * Equal for an actor in two states in which it does the same by a technique, unless it makes something new: so far as proofs have
 * read.
 */
export function doingOf(shared: Questions, actor: Actor, technique: Technique): string {
  const { variant } = actor
  const read = sayingOfRead(variant, technique, shared.table, shared.readsOf(technique))
  return `${callerOf(shared, actor, technique)} ${takenBy(variant, technique)} ${read}`
}
