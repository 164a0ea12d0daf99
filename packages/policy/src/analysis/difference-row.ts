import type { ValueType } from '../condition/operator-names.ts'
import type { PrincipalEntry, Statement } from '../document/policy.ts'
import type { Request } from '../evaluate/request.ts'

/**
 * Something that one policy may allow and another does not: what a statement says, or a part of it. A row may say
 * more than the difference, never less: every request that the one allows and the other does not is in some row.
 */
export interface DifferenceRow {
  /**
   * - `new`: nothing in the other policy allows any of it
   * - `wider`: the other policy allows a part of it
   * - `conditions`: the other policy allows it under other conditions
   * - `lifted`: the other policy denies it; `statement` is that Deny
   */
  readonly kind: 'new' | 'wider' | 'conditions' | 'lifted'
  /** The Allow that the row is of, of the wider policy; of a `lifted` row the other policy's Deny. */
  readonly statement: Statement
  /** The statement's own, or some of them. */
  readonly actions: readonly string[]
  readonly notActions: boolean
  /** Absent where the statement names no resource. */
  readonly resources?: readonly string[]
  readonly notResources: boolean
  /** Absent where the statement names no principal. */
  readonly principals?: readonly PrincipalEntry[]
  /** Statements of the other policy that allow some of it, or allow it under other conditions. */
  readonly before: readonly Statement[]
  /** Denies of the wider policy that take some of it away. */
  readonly except: readonly Statement[]
  /** A request that is in the row, and that the engine says the one allows and the other does not. */
  readonly example?: Request
}

/** What a caller knows of real actions and resources, for the examples. */
export interface DifferenceOptions {
  /** Real actions that a pattern stands for, for examples that people know; left out, one is made up. */
  readonly actions?: (pattern: string) => readonly string[]
  /** Resources such as a real action is asked on; left out, one is made up. */
  readonly resources?: (action: string) => readonly string[]
  /** What a condition key of a service holds; left out or undefined, a text. */
  readonly keyType?: (key: string) => ValueType | undefined
}
