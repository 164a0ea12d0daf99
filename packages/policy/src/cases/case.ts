import type { Decision } from '../request/decision.ts'

/** The expected outcome of a decision, in IAM's own words. */
export type Expectation = Decision['outcome']

/** A context value as JSON has it. */
export type CaseValue = string | number | boolean | readonly (string | number | boolean)[]

export interface CaseRequest {
  /**
   * ARN of a user, a role (read as some session of it), an assumed-role session, a federated user, an account's
   * root, or a SAML or OIDC provider; `{ "service": "ec2.amazonaws.com" }`; `"*"` for an anonymous caller.
   */
  readonly principal: string | { readonly service: string }
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Readonly<Record<string, CaseValue>>
}

/** Policy documents as JSON. `scp` and `rcp` are lists of levels, the root first; absent means no organization. */
export interface CasePolicies {
  readonly identity?: readonly unknown[]
  readonly boundary?: readonly unknown[]
  readonly session?: readonly unknown[]
  /** The trust policy if the resource is a role and the action is of STS, or the key policy of a KMS key. */
  readonly resource?: unknown
  readonly scp?: readonly (readonly unknown[])[]
  readonly rcp?: readonly (readonly unknown[])[]
  readonly endpoint?: readonly unknown[]
}

/** A request and its expected decision, in the public format of decision cases. */
export interface Case {
  readonly name: string
  readonly request: CaseRequest
  readonly policies: CasePolicies
  readonly expect: Expectation
  /** The layer that decides. If several deny, any of them may be named. */
  readonly because?: string
}
