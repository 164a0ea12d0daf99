import type { CompiledSet, Decision, Request } from '@omen-iam/policy'
import type { AccessRequest } from './access.ts'

/** One question with the engine's answer. */
export interface Judged {
  readonly access: AccessRequest
  readonly request: Request
  readonly decision: Decision
  /** The policies that were weighed. */
  readonly policies: CompiledSet
}

/** What authorization says of a whole call: every question asked until the first that is denied. */
export interface Verdict {
  readonly allowed: boolean
  readonly judged: readonly Judged[]
  /** The last of `judged`, where it is a denial. */
  readonly denied: Judged | undefined
  /** What the call would have asked next, had it not been denied; of very many the first. */
  readonly behind: readonly Judged[]
  /** How many more it would have asked. */
  readonly beyond: number
}
