import type { Asked, Shape } from '@omen-iam/policy'
import { callerKeys, callerOf } from '../request/form.ts'
import type { Variant } from '../request/person.ts'
import type { Questions } from '../request/question.ts'

/** The requests of a role that a service wears: of actions on a resource, and on the key that the resource is under. */
export function requestsOfRole(
  questions: Questions,
  variant: Variant,
  actions: readonly string[],
  resource: string | Shape,
): readonly Asked[] {
  const principal = callerOf(variant)
  const { context, chosen, open } = callerKeys(questions.world, variant, principal, 'service', false)
  const isKnown = typeof resource === 'string'
  const policies = isKnown ? questions.withResource(resource, variant.policies) : variant.policies
  const keys = { ...context, 'aws:ResourceAccount': variant.person.account }
  const asked = actions.map((action) => ({
    request: { principal, action, resource, context: keys, chosen, open, absent: ['*'] },
    policies: questions.withRcps(action, policies),
  }))
  const actor = { variant, form: 'service' } as const
  const ofKeys = isKnown ? actions.flatMap((action) => questions.keysOf(actor, action, resource, false)) : []
  return [...asked, ...ofKeys]
}
