import type { Finding, PolicyKind } from '@omen-iam/policy'

/** A finding at its place in the file. */
export interface PlacedFinding extends Finding {
  readonly file: string
  readonly kind: PolicyKind
  /** The resource or the identity that the policy belongs to: `AWS::IAM::Role Deployer`. */
  readonly owner?: string
  /** The property that contains the policy, if the file is not the policy itself. */
  readonly property?: string
  /** The Sid of the statement. */
  readonly sid?: string
}
