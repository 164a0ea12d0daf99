import type { AccessRequest, Call } from '../../../authorization/index.ts'
import type { Bearer } from '../../../directory/index.ts'
import { asks, boundaryKey, type Target } from '../target.ts'

/** What the traits of policies must know of one kind of bearer. */
export interface BearerRules<R extends Bearer> {
  /** The permissions boundary, where the kind can have one: changes carry it as iam:PermissionsBoundary. */
  readonly boundaryOf?: (bearer: R) => string | undefined
  /** @throws Fault UnmodifiableEntity where only AWS may change the bearer's policies */
  readonly checkChangeable?: (bearer: R) => void
}

/** What a change of the bearer's policies asks. */
export function change<R extends Bearer, I>(
  target: Target<R, I>,
  rules: BearerRules<R>,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return asks(target, (_input, bearer) =>
    boundaryKey(bearer === undefined ? undefined : rules.boundaryOf?.(bearer)),
  )
}
