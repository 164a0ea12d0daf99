import { difference, type Policy, parsePolicy } from '@omen-iam/policy'
import { emptyText } from './empty.ts'

/** A call that a principal may make before a cut and not after it. */
export interface TakenAway {
  readonly principal: string
  /** A pattern; `* but ` and patterns of a NotAction. */
  readonly action: string
  /** A pattern; `* but ` and patterns of a NotResource. */
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
  return difference(left.policy, before).flatMap((row) => {
    const { actions, notActions, resources = [principal], notResources, principals, statement } = row
    if (statement.effect !== 'Allow') return []
    const who = principals?.map(({ value }) => value) ?? [principal]
    return who.flatMap((each) =>
      namesOf(actions, notActions).flatMap((action) =>
        namesOf(resources, notResources).map((resource) => ({
          principal: each,
          action,
          resource,
          ...(policy === undefined ? {} : { policy }),
        })),
      ),
    )
  })
}

function namesOf(patterns: readonly string[], isNot: boolean): readonly string[] {
  return isNot ? [`* but ${patterns.join(', ')}`] : patterns
}
