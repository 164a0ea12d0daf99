import { type TechniqueTable, techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Actor } from './actor.ts'

const following = perObject(
  (table: TechniqueTable): ReadonlySet<string> =>
    new Set(table.following.map((action) => action.toLowerCase())),
)

/** The calls that another principal may make than who made the first one of a technique, in lower case. [PSR-20] */
export function followingCalls(): ReadonlySet<string> {
  return following(techniqueTable())
}

/** The actor that makes the calls of an action: another one that helps, or the actor itself. */
export function callerFor(actor: Actor, action: string): Actor {
  return actor.helpers?.get(action.toLowerCase()) ?? actor
}

/** Everyone who makes calls: the actor first. */
export function callersOf(actor: Actor): readonly Actor[] {
  return actor.helpers === undefined ? [actor] : [actor, ...new Set(actor.helpers.values())]
}
