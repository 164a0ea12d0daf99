import type { ValueType } from '../condition/operator-names.ts'
import type { PrincipalEntry, Statement } from '../document/policy.ts'
import type { Request } from '../request/request.ts'

/**
 * A part of one policy that the other may not allow: a statement, or a part of it. A row may cover more than the
 * difference, never less: every request that only one policy allows is in some row.
 */
export interface DifferenceRow {
  /**
   * - `new`: nothing in the other policy allows any of it
   * - `wider`: the other policy allows a part of it
   * - `conditions`: the other policy allows it under other conditions
   * - `lifted`: the other policy denies it; `statement` is that Deny
   */
  readonly kind: 'new' | 'wider' | 'conditions' | 'lifted'
  /** The Allow of the wider policy; for a `lifted` row, the Deny of the other policy. */
  readonly statement: Statement
  /** The statement's own, or some of them. */
  readonly actions: readonly string[]
  readonly notActions: boolean
  /** Absent if the statement has no Resource. */
  readonly resources?: readonly string[]
  readonly notResources: boolean
  /** Absent if the statement has no Principal. */
  readonly principals?: readonly PrincipalEntry[]
  /** Statements of the other policy that allow some of it, or allow it under other conditions. */
  readonly before: readonly Statement[]
  /** Denies of the wider policy that take some of it away. */
  readonly except: readonly Statement[]
  /** A request in the row, with the engine's confirmation that only one policy allows it. */
  readonly example?: Request
}

/** Real actions and resources for the examples. */
export interface DifferenceOptions {
  /** Real actions that a pattern matches. If absent, one is invented. */
  readonly actions?: (pattern: string) => readonly string[]
  /** Typical resources of a real action. If absent, one is invented. */
  readonly resources?: (action: string) => readonly string[]
  /** The type of a service's condition key. A text if absent or undefined. */
  readonly keyType?: (key: string) => ValueType | undefined
  /** The account of invented resources. Absent: 123456789012. */
  readonly account?: string
}
