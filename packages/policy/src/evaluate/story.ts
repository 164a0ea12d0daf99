import type { Policy, Statement } from '../document/policy.ts'
import type { Span } from '../document/position.ts'
import type { Source } from '../document/set.ts'
import type { ContextValue } from '../request/context.ts'
import type { Decision, GrantedTo, LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'

export type ElementName =
  | 'Principal'
  | 'NotPrincipal'
  | 'Action'
  | 'NotAction'
  | 'Resource'
  | 'NotResource'
  | 'Condition'

/** One element of a statement, compared with the request. */
export interface ElementTrace {
  readonly element: ElementName
  readonly matched: boolean
  /** The value that decided: the pattern that matches or, if negated, excludes. */
  readonly by?: string
  readonly span: Span
}

/** One condition, compared with the request. */
export interface ConditionTrace {
  readonly element: 'Condition'
  readonly matched: boolean
  readonly operator: string
  readonly key: string
  /** The policy's values, variables filled in. */
  readonly wanted: readonly string[]
  /** The request's value; undefined when the key is absent. */
  readonly seen: ContextValue | undefined
  /** Why it could not be evaluated. */
  readonly problem?: string
  readonly span: Span
}

export interface StatementTrace {
  readonly statement: Statement
  /** Whether the statement applies to the request. */
  readonly matched: boolean
  /** The elements in the order they were tried, up to and including the first that failed. */
  readonly elements: readonly (ElementTrace | ConditionTrace)[]
  /** The element that failed, the last of `elements`. */
  readonly failed?: ElementTrace | ConditionTrace
  readonly problem?: string
}

export interface PolicyTrace {
  readonly source: Source
  readonly policy: Policy
  readonly statements: readonly StatementTrace[]
}

/** `notApplied`: present, but does not bind this principal (an SCP and a service-linked role). */
export type LayerVerdict = 'allow' | 'explicitDeny' | 'noAllow' | 'notApplied'

export interface LayerTrace {
  readonly layer: LayerName
  /** Of SCPs and RCPs: from 0, the organization's root. */
  readonly level?: number
  readonly verdict: LayerVerdict
  /** Of a resource policy that allows. */
  readonly grantedTo?: GrantedTo
  readonly policies: readonly PolicyTrace[]
}

/** All of a decision: every layer, policy and statement. */
export interface Trace {
  readonly request: Request
  readonly decision: Decision
  readonly crossAccount: boolean
  readonly layers: readonly LayerTrace[]
}
