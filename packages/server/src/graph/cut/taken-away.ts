import { difference, type Policy, parsePolicy } from '@omen-iam/policy'
import { emptyText } from './empty.ts'

/** A call that a principal may make before a cut and not after it. */
export interface TakenAway {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly policy?: string
}

/** The calls that a policy allows a principal, and that the text which is left of it does not. */
export function lostOf(
  before: Policy,
  after: string | undefined,
  principal: string,
  policy: string | undefined,
): readonly TakenAway[] {
  const left = parsePolicy(after ?? emptyText(before.kind), before.kind, { lenient: true })
  if (!left.ok) return []
  return difference(left.policy, before).flatMap(({ actions, resources, principals, statement }) => {
    if (statement.effect !== 'Allow') return []
    const who = principals?.map(({ value }) => value) ?? [principal]
    return who.flatMap((each) =>
      actions.flatMap((action) =>
        (resources ?? [principal]).map((resource) => ({
          principal: each,
          action,
          resource,
          ...(policy === undefined ? {} : { policy }),
        })),
      ),
    )
  })
}
