import type { AccessRequest, Call } from '../../../authorization/index.ts'
import type { IamIdentity } from '../../../directory/index.ts'
import { asks, boundaryKey, type Target } from '../target.ts'

/** The rules of operations on policies for a kind of entity. */
export interface IdentityRules<R extends IamIdentity> {
  /** The permissions boundary, if the kind can have one: changes have it as iam:PermissionsBoundary. */
  readonly boundaryOf?: (identity: R) => string | undefined
  /** @throws Fault UnmodifiableEntity if only AWS may change the entity's policies */
  readonly checkChangeable?: (identity: R) => void
}

/** Returns the question of a change of the entity's policies. */
export function change<R extends IamIdentity, I>(
  target: Target<R, I>,
  rules: IdentityRules<R>,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return asks(target, (_input, identity) =>
    boundaryKey(identity === undefined ? undefined : rules.boundaryOf?.(identity)),
  )
}
