import type { Statement } from '../document/policy.ts'
import type { PolicySource } from '../document/set.ts'
import type { Allowed, LayerName } from '../request/decision.ts'

/** A change to one policy, as data. */
export type Edit =
  | (Change & { readonly type: 'addAction'; readonly action: string })
  | (Change & { readonly type: 'addResource'; readonly resource: string })
  | (Change & { readonly type: 'addPrincipal'; readonly principal: NamedPrincipal })
  | (Change & {
      readonly type: 'addConditionValue'
      readonly operator: string
      readonly key: string
      readonly value: string
    })
  | (Change & { readonly type: 'removeCondition'; readonly operator: string; readonly key: string })
  | (Change & {
      readonly type: 'removeValue'
      readonly element: 'Action' | 'Resource'
      readonly value: string
    })
  | (Change & { readonly type: 'removeStatement' })
  | AddStatement

/** A change to a statement. */
export interface Change extends Place {
  readonly policy: PolicySource
  readonly statement: Statement
}

export interface AddStatement extends Place {
  readonly type: 'addStatement'
  /** The policy to add it to. If absent, a new policy. */
  readonly policy?: PolicySource
  readonly statement: NewStatement
}

/** The layer, and the level of SCPs and RCPs. */
export interface Place {
  readonly layer: LayerName
  readonly level?: number
}

export interface NamedPrincipal {
  readonly type: 'AWS' | 'Service' | 'Federated'
  readonly value: string
}

/** A statement in the form of a document. */
export interface NewStatement {
  readonly Effect: 'Allow'
  readonly Principal?: Readonly<Record<string, string>>
  readonly Action: string
  readonly Resource?: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Edits that together turn a denial into an allow. They apply in order, each to the result of the ones before it. */
export interface Suggestion {
  readonly edits: readonly Edit[]
  /** The engine's decision with the edits made. */
  readonly decision: Allowed
}
