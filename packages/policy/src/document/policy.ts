import type { Finding } from './finding.ts'
import type { Span } from './position.ts'

/**
 * The use of a document. The same JSON obeys different rules as an identity policy, a role's trust policy, a bucket
 * policy (`resource`), a KMS key policy (`key`) or an SCP.
 */
export type PolicyKind =
  | 'identity'
  | 'trust'
  | 'resource'
  | 'key'
  | 'scp'
  | 'rcp'
  | 'session'
  | 'boundary'
  | 'endpoint'

export type PolicyVersion = '2008-10-17' | '2012-10-17'
export type Effect = 'Allow' | 'Deny'

/** A string of the document and its position. */
export interface Located {
  readonly value: string
  readonly span: Span
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface ListElement {
  readonly negated: boolean
  readonly values: readonly Located[]
  readonly span: Span
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'

export interface PrincipalEntry extends Located {
  readonly type: PrincipalType
}

/** `Principal` or `NotPrincipal`. `"*"` is kept as the entry `{ type: 'AWS', value: '*' }`, which it equals. */
export interface PrincipalElement {
  readonly negated: boolean
  readonly entries: readonly PrincipalEntry[]
  readonly span: Span
}

/** One key under one operator of a `Condition`: `"StringEquals": { "aws:username": ["a", "b"] }`. */
export interface ConditionEntry {
  /** As written, with set operator and IfExists: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly values: readonly Located[]
  readonly span: Span
}

export interface Statement {
  /** Its place in the document, from 0. */
  readonly index: number
  readonly sid?: string
  readonly effect: Effect
  readonly principal?: PrincipalElement
  readonly action: ListElement
  /** Absent in trust policies and some resource policies: the resource is then the one that has the policy. */
  readonly resource?: ListElement
  readonly condition: readonly ConditionEntry[]
  readonly span: Span
}

/** A well-formed policy document. Immutable. */
export interface Policy {
  readonly kind: PolicyKind
  readonly version: PolicyVersion
  readonly id?: string
  readonly statements: readonly Statement[]
  /** The source text. Every span points into it. */
  readonly text: string
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly findings: readonly Finding[] }
  | {
      readonly ok: false
      /** AWS's text for MalformedPolicyDocument. */
      readonly message: string
      readonly findings: readonly Finding[]
    }
