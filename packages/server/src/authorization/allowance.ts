import { contentsNow } from '../directory/index.ts'
import type { AccessRequest } from './access.ts'
import { budgetFor, judge } from './authorize.ts'
import { type Call, callNow } from './call.ts'
import { principalOf } from './context.ts'
import type { Judged, Verdict } from './verdict.ts'

/** Answers that all allow, and the state of the accounts on which they rest. */
export interface Allowance {
  /** The call as it was then. */
  readonly call: Call
  readonly judged: readonly Judged[]
  /** `contentsNow` of then. */
  readonly contents: number
}

/** The engine's answers to questions, whatever the others are, and what they are together if all allow. */
export interface Answers {
  readonly judged: readonly Judged[]
  readonly allowance: Allowance | undefined
}

/** Asks the engine each question about a call as it is now. They share a budget. */
export function judgeNow(requests: readonly AccessRequest[], given: Call): Answers {
  const current = callNow(given)
  // a key or token that is no longer valid is refused later
  const call = typeof current === 'string' ? given : current
  const contents = contentsNow()
  const principal = principalOf(call.caller)
  const budget = budgetFor(requests.length)
  const judged = requests.map((access) => judge(access, principal, call, budget))
  const isAllowed = call === current && judged.every(({ decision }) => decision.outcome === 'allowed')
  return { judged, allowance: isAllowed ? { call, judged, contents } : undefined }
}

/** The allowance of two sets of questions of a call; undefined if an account has changed between them. */
export function bothAllowed(one: Allowance | undefined, other: Allowance | undefined): Allowance | undefined {
  if (one === undefined || other === undefined || one.contents !== other.contents) return undefined
  return { ...other, judged: [...one.judged, ...other.judged] }
}

/** The verdict of an allowance if it still holds: no account has changed since. */
export function standing(allowance: Allowance | undefined): Verdict | undefined {
  if (allowance === undefined || allowance.contents !== contentsNow()) return undefined
  return { allowed: true, judged: allowance.judged, denied: undefined, behind: [], beyond: 0 }
}
