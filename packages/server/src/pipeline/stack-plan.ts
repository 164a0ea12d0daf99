import type { AccessRequest, Call } from '../authorization/index.ts'
import type { Fault } from '../base/index.ts'

/** The permissions of a CloudFormation call beside its own. */
export interface StackPlan {
  /** The caller by way of CloudFormation, or the stack's service role. */
  readonly call: Call
  readonly requests: readonly AccessRequest[]
  /** CloudFormation refuses the call, whatever the policies are. */
  readonly refused?: Fault
  /** The body to forward: with the template that was read. */
  readonly body?: Uint8Array
  /** Types for which only CloudFormation's own permission is checked. */
  readonly unasked: readonly string[]
  /** Before the call is forwarded: removes in the upstream what would prevent a deletion. */
  before?(): Promise<void>
  /** After a refusal by the upstream: its answer to a second try, if a second try may help and does. */
  again?(errorCode: string): Promise<string | undefined>
  /**
   * After the upstream's answer: if it succeeded, the template's IAM resources are created in Omen, in the same name.
   * Undefined if nobody knows whether it did. Returns what the caller must hear though the upstream succeeded: what of the
   * template Omen has not made (behaviour GRD-405). It counts once.
   */
  after(succeeded: boolean | undefined): Promise<string | undefined>
}

/** The effect of a call is unknown. */
export interface UnknownPlan {
  readonly unknown: string
}
