import { type TechniqueTable, techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Form } from './form.ts'
import type { Variant } from './variant.ts'

/** The caller of a request: a principal with its changes, in a form. */
export interface Actor {
  readonly variant: Variant
  readonly form: Form
  /** Other principals of the account that make calls of a technique in its place; by the action, in lower case. */
  readonly helpers?: ReadonlyMap<string, Actor>
  /** Whether the question is what it could do if it had MFA. */
  readonly asksMfa?: true
}

/** The same caller and those who help it, where MFA is open for everyone who may come to have it. */
export function withMfa(actor: Actor): Actor {
  const { helpers } = actor
  if (helpers === undefined) return { ...actor, asksMfa: true }
  return { ...actor, asksMfa: true, helpers: new Map([...helpers].map(([call, by]) => [call, withMfa(by)])) }
}

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
