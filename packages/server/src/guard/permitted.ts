import {
  type AccessRequest,
  type Allowance,
  type Call,
  type Judged,
  standing,
} from '../authorization/index.ts'
import { currentCall, type StackPlan } from '../pipeline/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import type { Remainder } from './deletion.ts'
import type { S3Refusals } from './s3-checks.ts'

/** All that has to be known before a call is decided on. */
export interface Asking {
  readonly call: Call
  readonly requests: readonly AccessRequest[]
  /** That all of them are allowed, as was found while they were collected. */
  readonly allowance?: Allowance | undefined
  /** Why it cannot be decided on. */
  readonly undecidable?: string
  /** The refusals of S3 itself. */
  readonly s3: S3Refusals
  /** The body to forward in place of the one that arrived. */
  readonly body?: Uint8Array
  /** Resources of which something is remembered that was not read just now. */
  readonly remembered: readonly string[]
  /** Why something that a policy asks for could not be read. */
  readonly failures: readonly string[]
  /** The plan of a stack. */
  readonly stack?: StackPlan
  /** The form that came as the body was signed, though its request was not. */
  readonly formSigned?: true
  readonly parameters: Readonly<Record<string, unknown>>
  readonly found: IdentifiedCall
}

/** The call as it is now: what came before may have taken long. @throws Fault if its key or token is no longer valid */
export function presentCall({ allowance, call }: Asking): Call {
  return allowance !== undefined && standing(allowance) !== undefined ? allowance.call : currentCall(call)
}

/** A call that may be forwarded. */
export interface Permission {
  readonly asked: readonly AccessRequest[]
  /** The refusal that audit mode ignored: a denial, or why nothing could be decided. */
  readonly wouldDeny?: Judged | string
  /** Some of the objects that were to be deleted are not. */
  readonly remainder?: Remainder
  readonly stack?: StackPlan
  readonly parameters: Readonly<Record<string, unknown>>
}

/** An operation that could not be decided on: how often it was called, and why the last time. */
export interface Undecidable {
  readonly service: string
  readonly operation: string
  readonly times: number
  readonly because: string
}
