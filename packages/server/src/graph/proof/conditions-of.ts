import type { Statement } from '@omen-iam/policy'
import { callerFor } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'

/** The conditions about an action in what decides on the calls of an actor: its policies, its boundary, SCPs. */
export function* conditionsOf(actor: Actor, action: string): Generator<Statement['condition'][number]> {
  const { identity, boundary, scp = [] } = callerFor(actor, action).variant.policies
  for (const layer of [identity, boundary, ...scp])
    for (const { statement } of layer?.candidates(action).all ?? []) yield* statement.condition
}
