import { findGap, type ResidualCondition } from '@omen-iam/policy'
import { type CallerKeys, callerKeys, callerOf, mayHaveMfa } from './form.ts'
import { freshAction } from './relevance.ts'
import type { Actor } from './trust-question.ts'
import type { World } from './world.ts'

/** Whether a principal may do everything that the organization lets through. */
export type Administrator =
  | { readonly is: 'yes' }
  | { readonly is: 'conditional'; readonly residual: readonly ResidualCondition[] }
  | { readonly is: 'unknown' }
  | { readonly is: 'no' }

/** Whether an actor may do everything within the SCPs: decided by the search for a request that is refused. */
export function administratorOf(world: World, actor: Actor): Administrator {
  const { identity } = actor.variant.policies
  if (identity === undefined || identity.candidates(freshAction).allow.all.length === 0) return { is: 'no' }
  const plain = answerOf(world, actor, false)
  if (plain.is === 'yes' || !mayHaveMfa(actor.form)) return plain
  const withMfa = answerOf(world, actor, true)
  return rank[withMfa.is] < rank[plain.is] ? withMfa : plain
}

const rank = { yes: 0, conditional: 1, unknown: 2, no: 3 } as const

function answerOf(world: World, actor: Actor, mfa: boolean): Administrator {
  const principal = callerOf(actor.variant)
  const keys = callerKeys(world, actor.variant, principal, actor.form, mfa)
  const answer = findGap({
    principal,
    policies: actor.variant.policies,
    context: { ...keys.context, 'aws:ResourceAccount': world.account },
    absent: absentOf(actor, mfa),
    open: residualKeys(keys),
  })
  switch (answer.verdict) {
    case 'none':
      return { is: 'yes' }
    case 'conditional':
      return { is: 'conditional', residual: answer.residual }
    case 'gap':
      return { is: 'no' }
    case 'undecided':
      return { is: 'unknown' }
  }
}

/** Conditions on the surroundings are left over; those on what is asked for are limits. */
function residualKeys({ open }: CallerKeys): CallerKeys['open'] {
  return Object.fromEntries(Object.entries(open).filter(([key]) => !key.endsWith('*')))
}

function absentOf({ form }: Actor, mfa: boolean): readonly string[] {
  return [
    ...(form === 'key' && !mfa ? ['aws:MultiFactorAuthPresent', 'aws:TokenIssueTime'] : []),
    ...(mfa || form === 'mfa' ? [] : ['aws:MultiFactorAuthAge']),
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:CalledViaLast',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
    'aws:FederatedProvider',
    // the tags that the caller has are known
    'aws:PrincipalTag/*',
    ...(form === 'key' || form === 'mfa' || form === 'console' ? ['aws:SourceIdentity'] : []),
  ]
}
