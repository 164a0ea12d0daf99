import type { AccountId, Mode } from '../base/index.ts'
import type { OperationModel, ServiceModel } from '../model/index.ts'
import type { Caller } from '../session/index.ts'
import type { Origin } from './origin.ts'
import type { Judged } from './verdict.ts'

/**
 * The part that is kept of a decided call: nothing of its input or of what it left for its answer, and not its account, which may
 * leave the memory meanwhile. Every call is one.
 */
export interface DecidedCall {
  /** The request id of the answer. */
  readonly id: string
  /** The time of this call, read once; milliseconds since the epoch. */
  readonly now: number
  readonly service: ServiceModel
  readonly operation: OperationModel
  readonly region: string
  readonly caller: Caller
  readonly account: { readonly id: AccountId }
  readonly origin: Origin
  /** How strictly it is decided: the server's mode, or enforce if a page of another site sent it. */
  readonly mode: Mode
}

/** A decision about a call, with everything that decided it: the policies as of that time. */
export interface KeptDecision {
  /** `d-` and a short text, unique in this installation. */
  readonly id: string
  readonly call: DecidedCall
  readonly judged: readonly Judged[]
  readonly allowed: boolean
  /** The questions after the denied one: to be allowed, the call needs a yes to these too. */
  readonly behind: readonly Judged[]
  /** The number of further questions, which were not examined. */
  readonly beyond: number
  /** Whether audit mode let the call through. */
  readonly letThrough: boolean
}
