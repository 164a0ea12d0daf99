import type { PolicySource } from '../compile/set.ts'
import type { Statement } from '../document/policy.ts'
import type { LayerName } from '../evaluate/decision.ts'

/** A change to one policy, as data. */
export type Edit =
  | {
      readonly type: 'addAction'
      readonly layer: LayerName
      readonly target: EditTarget
      readonly action: string
    }
  | {
      readonly type: 'addResource'
      readonly layer: LayerName
      readonly target: EditTarget
      readonly resource: string
    }
  | {
      readonly type: 'addPrincipal'
      readonly layer: LayerName
      readonly target: EditTarget
      readonly principal: string
    }
  | {
      readonly type: 'addConditionValue'
      readonly layer: LayerName
      readonly target: EditTarget
      readonly operator: string
      readonly key: string
      readonly value: string
    }
  | {
      readonly type: 'removeCondition'
      readonly layer: LayerName
      readonly target: EditTarget
      readonly operator: string
      readonly key: string
    }
  | { readonly type: 'removeStatement'; readonly layer: LayerName; readonly target: EditTarget }
  | {
      readonly type: 'addStatement'
      readonly layer: LayerName
      readonly level?: number
      /** The policy to add it to; absent when the layer has none yet. */
      readonly policy?: PolicySource
      readonly statement: Readonly<Record<string, unknown>>
    }

export interface EditTarget {
  readonly policy: PolicySource
  readonly statement: Statement
}

/** Edits that together turn a denial into an allow; the engine has checked that they do. */
export interface Suggestion {
  readonly edits: readonly Edit[]
}
