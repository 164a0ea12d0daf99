import type { Asked, ResidualCondition } from '@omen-iam/policy'
import type { Actor } from '../request/actor.ts'
import type { FactUsed } from './fact-option.ts'

/** Requests that a caller may make: one of the lists must be allowed. */
export type Alternatives = (caller: Actor) => readonly (readonly Asked[])[]

/** The fact that the caller begins a session first. */
export const ownSession: FactUsed = { fact: 'session', says: 'own', known: 'details' }

/**
 * Whether a session that a user begins with a key may do better: sts:GetSessionToken asks for no permission, and its
 * sessions have aws:TokenIssueTime, and aws:MultiFactorAuthPresent without MFA as well. [POL-061, POL-105]
 */
export function mayUseSession({ form }: Actor, residual: readonly ResidualCondition[]): boolean {
  return (
    form === 'key' && residual.some(({ key }) => /^aws:(?:TokenIssueTime|MultiFactorAuthPresent)$/i.test(key))
  )
}

/** Whether such a session without MFA may make a request: none to IAM, and of STS only sts:AssumeRole. [POL-062] */
export function isOpenToSessions({ request: { action } }: Asked): boolean {
  if (/^iam:/i.test(action)) return /^iam:PassRole$/i.test(action)
  return !/^sts:/i.test(action) || /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)$/i.test(action)
}
