import { difference, type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'

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

/** A policy that allows nothing. */
function emptyText(kind: PolicyKind): string {
  const Principal = kind === 'identity' ? {} : { Principal: '*' }
  const Resource = kind === 'trust' ? {} : { Resource: '*' }
  const Action = kind === 'trust' ? 'sts:AssumeRole' : 'none:null'
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', ...Principal, Action, ...Resource }],
  })
}
