import type { Policy } from './policy.ts'

/** Where a policy comes from; the first five are SimulatePrincipalPolicy's SourcePolicyType. */
export type SourceType =
  | 'user'
  | 'group'
  | 'role'
  | 'aws-managed'
  | 'user-managed'
  | 'resource'
  | 'session'
  | 'scp'
  | 'rcp'
  | 'endpoint'
  | 'none'

export interface Source {
  readonly type: SourceType
  /** Of a managed policy, SCP or RCP. Inline policies have none, and AWS's sentences then name none. */
  readonly arn?: string
  /** The name of an inline policy, or a title for people. */
  readonly name?: string
  /** Of an inline policy: the name that people gave it, and that of the user, group or role that has it. */
  readonly inline?: { readonly name: string; readonly owner: string }
  readonly id?: string
  /** The ARN of the group through which the principal has the policy. */
  readonly group?: string
}

export interface PolicySource {
  readonly policy: Policy
  readonly source: Source
}

/**
 * Which policies must allow a request to a resource of the caller's own account.
 * - `either`: the identity policies or the resource policy (most services).
 * - `explicit`: the resource policy must allow, naming the caller or its account (KMS keys).
 * - `trust`: the same rule for a role's trust policy. On a resource of another account both must always allow.
 */
export type Grant = 'either' | 'explicit' | 'trust'

export interface ResourcePolicy {
  readonly source?: PolicySource
  /** `either` if absent. */
  readonly grant?: Grant
  /** Statements that count beside the policy, such as a grant of AWS KMS. */
  readonly further?: readonly PolicySource[]
}

/** All policies that apply to a request. An absent layer does not exist; a present one must allow. */
export interface PolicySet {
  /** Of the user and its groups, or of the role. Absent is the same as empty: nothing is allowed by it. */
  readonly identity?: readonly PolicySource[] | undefined
  readonly boundary?: readonly PolicySource[] | undefined
  readonly session?: readonly PolicySource[] | undefined
  /** Absent: the resource has no policy and needs none. Without `source`: it has none, but its grant may need one. */
  readonly resource?: ResourcePolicy | undefined
  /** Levels from the organization's root to the account; leave it out for the management account. */
  readonly scp?: readonly (readonly PolicySource[])[] | undefined
  readonly rcp?: readonly (readonly PolicySource[])[] | undefined
  /** The policy of the VPC endpoint that the call came through. */
  readonly endpoint?: readonly PolicySource[] | undefined
}
