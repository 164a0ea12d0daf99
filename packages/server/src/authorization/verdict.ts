import type { CompiledSet, Decision, Request } from '@omen-iam/policy'
import type { AccessRequest } from './access.ts'

/** A question with the engine's answer. */
export interface Judged {
  readonly access: AccessRequest
  readonly request: Request
  readonly decision: Decision
  /** The policies that were evaluated. */
  readonly policies: CompiledSet
}

/** The answer for a whole call: every question until the first denial. */
export interface Verdict {
  readonly allowed: boolean
  readonly judged: readonly Judged[]
  /** The last of `judged` if it is a denial. */
  readonly denied: Judged | undefined
  /** The questions that the call would have asked next without the denial; if there are many, the first ones. */
  readonly behind: readonly Judged[]
  /** The number of further questions. */
  readonly beyond: number
}
