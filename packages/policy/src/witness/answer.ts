import type { Span } from '../document/position.ts'
import type { Allowed, Determining, ExplicitDeny, ImplicitDeny, LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'

/** A condition on an open key, as the statement writes it. */
export interface ResidualCondition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  /**
   * True for a condition of an Allow: it must hold. False for a condition of a Deny: it must not hold, so that the
   * Deny does not apply.
   */
  readonly mustHold: boolean
  /** The places of the requests that need it. */
  readonly asked: readonly number[]
  readonly by: Determining
  /** Where the condition is in the text of its policy. */
  readonly span: Span
}

interface Witness {
  /** One for each request of the question, in its order. */
  readonly requests: readonly Request[]
  /** The decisions of `evaluate`, one for each. */
  readonly decisions: readonly Allowed[]
  /** The text of each variable. */
  readonly variables: Readonly<Record<string, string>>
}

/** All requests are allowed whatever the open keys hold. */
export interface Proven extends Witness {
  readonly verdict: 'proven'
}

/**
 * All requests are allowed if every condition of the residual is met, whatever else the open keys hold. No smaller set
 * of conditions is sufficient.
 */
export interface Conditional extends Witness {
  readonly verdict: 'conditional'
  readonly residual: readonly ResidualCondition[]
}

/** There are no values for which all requests are allowed. This is a proof. */
export interface Blocked {
  readonly verdict: 'blocked'
  /** The place of the request that is refused. */
  readonly asked: number
  /** The layer that refuses it. */
  readonly layer: LayerName
  /** Of SCPs and RCPs: from 0, the organization's root. */
  readonly level: number | undefined
  /** The Deny that refuses it; undefined if the layer has no Allow for it. */
  readonly deny: Determining | undefined
  /** The decision of the request that comes closest. */
  readonly decision: ExplicitDeny | ImplicitDeny
  /** The request that comes closest. */
  readonly request: Request
  /** Whether the layers that grant (identity or resource) would allow the request by themselves. */
  readonly isGranted: boolean
}

/** The search ended early, so nothing is known. */
export interface Undecided {
  readonly verdict: 'undecided'
  /** `budget`: the steps are spent. `form`: the question has a form that the search does not decide. */
  readonly reason: 'budget' | 'form'
  /** The steps that the search took. */
  readonly steps: number
  /** The condition that the search does not decide, for people. */
  readonly what?: string
}

export type Answer = Proven | Conditional | Blocked | Undecided
