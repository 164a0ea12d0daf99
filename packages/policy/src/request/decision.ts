import type { Policy, Statement } from '../document/policy.ts'
import type { Source } from '../document/set.ts'

/** A kind of policy that takes part in a decision. `resource` covers bucket, key and trust policies alike. */
export type LayerName = 'identity' | 'resource' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint'

/** The account whose evaluation denied the request. */
export type Side = 'principal' | 'resource'

/** A statement that determined the decision, and its source. */
export interface Determining {
  readonly layer: LayerName
  readonly source: Source
  readonly policy: Policy
  readonly statement: Statement
}

/** How strongly a resource policy names the caller; decides what still limits the grant. */
export type GrantedTo =
  /** The caller itself, or everyone: boundary and session policies do not limit it. */
  | 'caller'
  /** The caller's role or parent user: boundary and session policies limit it. */
  | 'role'
  /** The caller's account: an identity policy must allow as well. */
  | 'account'

/** A statement with something that could not be evaluated. An Allow then does not count, a Deny does. */
export interface Unevaluable extends Determining {
  /** Such as `NumericEquals aws:MultiFactorAuthAge: "soon" is not a number`. */
  readonly problem: string
  /** The condition key whose value is not known, if that is the reason. */
  readonly unknownKey?: string
}

export interface Allowed {
  readonly outcome: 'allowed'
  /** `root`: the account's root user; `exempt`: an operation that needs no permission. */
  readonly reason: 'identity' | 'resource' | 'both' | 'root' | 'exempt'
  readonly crossAccount: boolean
  readonly by: readonly Determining[]
  readonly unevaluable: readonly Unevaluable[]
}

export interface ExplicitDeny {
  readonly outcome: 'explicitDeny'
  readonly layer: LayerName
  readonly crossAccount: boolean
  /** The first statement of that layer that denies; `trace` has them all. */
  readonly by: readonly Determining[]
  readonly unevaluable: readonly Unevaluable[]
}

export interface ImplicitDeny {
  readonly outcome: 'implicitDeny'
  /** The layer that was needed and did not allow. */
  readonly layer: LayerName
  readonly side: Side
  readonly crossAccount: boolean
  /** Of an SCP: which level, from 0 (the organization's root). */
  readonly level: number | undefined
  /** How the resource policy named the caller, if it did and that was not sufficient. */
  readonly grantedTo: GrantedTo | undefined
  readonly by: readonly []
  readonly unevaluable: readonly Unevaluable[]
}

/** The engine's answer, always with its reason. */
export type Decision = Allowed | ExplicitDeny | ImplicitDeny
