import type { AccessRequest, Call } from '../../../authorization/index.ts'
import type { Bearer } from '../../../directory/index.ts'
import { asks, boundaryKey, type Target } from '../target.ts'

/** What operations on policies must know of a kind of entity. */
export interface BearerRules<R extends Bearer> {
  /** The permissions boundary, if the kind can have one: changes have it as iam:PermissionsBoundary. */
  readonly boundaryOf?: (bearer: R) => string | undefined
  /** @throws Fault UnmodifiableEntity if only AWS may change the entity's policies */
  readonly checkChangeable?: (bearer: R) => void
}

/** Returns the question of a change of the entity's policies. */
export function change<R extends Bearer, I>(
  target: Target<R, I>,
  rules: BearerRules<R>,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return asks(target, (_input, bearer) =>
    boundaryKey(bearer === undefined ? undefined : rules.boundaryOf?.(bearer)),
  )
}
