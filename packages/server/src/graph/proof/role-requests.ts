import type { Asked, Shape } from '@omen-iam/policy'
import type { Actor } from '../request/actor.ts'
import type { Questions } from '../request/question.ts'
import type { Variant } from '../request/variant.ts'

/** The requests of a role that a service runs as: of actions on a resource, and on the key that the resource is under. */
export function requestsOfRole(
  questions: Questions,
  variant: Variant,
  actions: readonly string[],
  resource: string | Shape,
): readonly Asked[] {
  const actor: Actor = { variant, form: 'service' }
  const isKnown = typeof resource === 'string'
  const policies = isKnown ? questions.withResource(resource, variant.policies) : variant.policies
  const asked = actions.map((action) => {
    // whose account the resource is in is what its ARN says
    const { resourceAccount: _, ...request } = questions.request(
      actor,
      action,
      resource,
      variant.principal.account,
    )
    return { request, policies: questions.withRcps(action, policies) }
  })
  const ofKeys = isKnown ? actions.flatMap((action) => questions.keysOf(actor, action, resource)) : []
  return [...asked, ...ofKeys]
}
