import { type CompiledSet, compile, findGap, type KeyDomain } from '@omen-iam/policy'
import { type Actor, withMfa } from '../request/actor.ts'
import { callerKeys } from '../request/caller.ts'
import { mayHaveMfa } from '../request/form.ts'
import type { TrustQuestions } from '../request/trust-question.ts'
import type { CallerKeys } from '../request/variant.ts'
import { unknownIn } from '../world/unknown-policies.ts'
import type { World } from '../world/world.ts'
import type { Administrator } from './power-found.ts'
import { freshAction } from './relevance.ts'

/** Whether an actor may do everything within the SCPs: decided by the search for a request that is refused. */
export function administratorOf(world: World, actor: Actor, questions: TrustQuestions): Administrator {
  const found = decided(world, actor, questions)
  // No file says what a missing policy refuses.
  return found.is !== 'no' && unknownIn(actor.variant.policies).length > 0 ? { is: 'unknown' } : found
}

function decided(world: World, actor: Actor, questions: TrustQuestions): Administrator {
  const { identity } = actor.variant.policies
  if (identity === undefined || identity.candidates(freshAction).allow.all.length === 0) return { is: 'no' }
  const plain = answerOf(world, actor)
  if (plain.is === 'conditional' && !isPossible(world, actor, questions)) return { is: 'no' }
  if (plain.is === 'yes' || !mayHaveMfa(actor.form)) return plain
  const found = answerOf(world, withMfa(actor))
  return rank[found.is] < rank[plain.is] ? found : plain
}

/** Whether the token with which a session was begun can say what its policies ask for. */
function isPossible(world: World, actor: Actor, questions: TrustQuestions): boolean {
  const request = { ...callerKeys(world, actor), action: freshAction, resource: '*', absent: ['*'] }
  const asked = questions.withToken(actor, [{ request, policies: actor.variant.policies }])
  return asked === undefined || questions.answer(asked).verdict !== 'blocked'
}

const rank = { yes: 0, conditional: 1, unknown: 2, no: 3 } as const

function answerOf(world: World, actor: Actor): Administrator {
  const keys = callerKeys(world, actor)
  const answer = findGap({
    principal: keys.principal,
    policies: countedPolicies(world, actor.variant),
    context: { ...keys.context, 'aws:ResourceAccount': world.account },
    absent: [...absentOf(actor), ...claimsNotMade(keys, actor)],
    open: residualKeys(keys, actor),
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

/** The policies that count: a Deny that a cut would write makes nobody less of an administrator, as an SCP does not. [GRD-811] */
function countedPolicies(world: World, variant: Actor['variant']): CompiledSet {
  const { identity, boundary, isBoundByScps, policies } = variant
  const counted = identity.filter(({ isOfCut }) => isOfCut !== true)
  if (counted.length === identity.length) return policies
  return compile({ identity: counted, boundary, ...(isBoundByScps ? { scp: world.organization.scps } : {}) })
}

/** Conditions on the surroundings are left over; those on what is asked for are limits. */
function residualKeys({ open, context }: CallerKeys, { variant }: Actor): CallerKeys['open'] {
  const named = Object.entries(open).filter(([key]) => !key.endsWith('*'))
  return {
    ...(variant.carried.token === undefined ? {} : tokenKeys(open, context, variant)),
    ...Object.fromEntries(named),
  }
}

/** The token's keys that policies ask for. */
function tokenKeys(
  open: CallerKeys['open'],
  context: CallerKeys['context'],
  { identity, boundary }: Actor['variant'],
): CallerKeys['open'] {
  const known = new Set(Object.keys(context).map((key) => key.toLowerCase()))
  const groups = Object.entries(open).filter(([key]) => key.endsWith('*'))
  const found: Record<string, KeyDomain> = {}
  for (const { policy } of [...identity, ...(boundary ?? [])])
    for (const { condition } of policy.statements)
      for (const { key } of condition)
        for (const [name, domain] of groups)
          if (!known.has(key.toLowerCase()) && key.toLowerCase().startsWith(name.slice(0, -1).toLowerCase()))
            found[key] = domain
  return found
}

/** The claims of tokens that policies name, and that no token of this session makes. */
function claimsNotMade({ open, context }: CallerKeys, { variant }: Actor): readonly string[] {
  const known = new Set([...Object.keys(open), ...Object.keys(context)].map((key) => key.toLowerCase()))
  const found = new Set<string>()
  for (const { policy } of [...variant.identity, ...(variant.boundary ?? [])]) {
    if (!/"(?:saml:|[^".:]+\.[^":]+:)/i.test(policy.text)) continue
    for (const { condition } of policy.statements)
      for (const { key } of condition)
        if (/^(?:saml:|[^.:]+\.[^:]+:)/i.test(key) && !known.has(key.toLowerCase())) found.add(key)
  }
  return known.has('saml:*') ? [...found].filter((key) => !/^saml:/i.test(key)) : [...found]
}

function absentOf({ form, variant, asksMfa: mfa }: Actor): readonly string[] {
  return [
    ...(form === 'key' && !mfa ? ['aws:MultiFactorAuthPresent', 'aws:TokenIssueTime'] : []),
    ...(mfa || form === 'mfa' ? [] : ['aws:MultiFactorAuthAge']),
    ...(variant.principal.type === 'role' ? ['aws:username'] : []),
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:CalledViaLast',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
    ...(variant.carried.token === undefined ? ['aws:FederatedProvider'] : []),
    // the tags that the caller has are known
    'aws:PrincipalTag/*',
    ...(form === 'key' || form === 'mfa' || form === 'console' ? ['aws:SourceIdentity'] : []),
  ]
}
