import type { Statement } from '@omen-iam/policy'
import { type Actor, callerFor } from '../request/actor.ts'
import { conditionsAbout } from '../request/statements.ts'

/** The conditions about an action in what decides on the calls of an actor: its policies, its boundary, SCPs. */
export function conditionsOf(actor: Actor, action: string): Generator<Statement['condition'][number]> {
  return conditionsAbout(callerFor(actor, action).variant.policies, action)
}
