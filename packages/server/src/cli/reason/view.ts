import type { ReasonWords } from '../words/reason.ts'
/** A decision as the server's own API views it; only what the terminal shows. */
export interface DecisionView {
  readonly id?: string
  readonly time?: string
  readonly service?: string
  readonly operation?: string
  readonly caller: string
  readonly allowed: boolean
  /** Mode audit allowed the call nevertheless. */
  readonly letThrough?: boolean
  readonly asked: readonly AskedView[]
  /** Questions behind the denied one. */
  readonly behind?: readonly BehindView[]
  /** Further ones, which were not evaluated. */
  readonly beyond?: number
  readonly ways?: readonly WayView[]
}

export interface AskedView {
  /** The decision; only the halves of `omen pass` have one each. */
  readonly id?: string
  /** The caller of this question; a chain's later questions are asked by the assumed roles. */
  readonly caller?: string
  readonly action: string
  readonly resource: string
  readonly outcome: 'allowed' | 'explicitDeny' | 'implicitDeny'
  readonly because: string
  readonly sentence: string
  /** There is no such resource. */
  readonly missing?: boolean
  /** The policies allow it, and the scopes of the session do not. */
  readonly outOfScope?: boolean
  readonly layers: readonly LayerView[]
  /** The sentences of docs/behaviour that the decision rests on and that are assumed. */
  readonly assumed?: readonly string[]
  readonly ways?: readonly WayView[]
}

export interface BehindView {
  readonly action: string
  readonly resource: string
  readonly outcome: AskedView['outcome']
  readonly layer?: string
  readonly by?: { readonly title: string; readonly sid?: string; readonly index: number }
}

/** One fix for a denial, in the order in which a careful engineer considers them. */
export type WayView =
  | { readonly kind: 'call'; readonly changes: readonly KeyChangeView[] }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'widen'; readonly edits: readonly EditView[]; readonly opens?: OpensView }
  | {
      readonly kind: 'guardrail'
      readonly guardrails: readonly string[]
      readonly edits: readonly EditView[]
      readonly opens?: OpensView
    }

/** What edits open beside the call: a path to an administrator, or it is not known whether they do. */
export type OpensView = 'administrator' | 'unknown'

export interface KeyChangeView {
  readonly part: string
  readonly key: string
  readonly operator: string
  readonly wanted: readonly string[]
  /** Null: the call must not have the key. */
  readonly value: string | readonly string[] | null
  readonly seen: string | readonly string[] | null
}

export interface LayerView {
  readonly layer: string
  readonly level?: number
  readonly verdict: 'allow' | 'explicitDeny' | 'noAllow' | 'notApplied'
  readonly policies: readonly PolicyView[]
}

export interface PolicyView {
  readonly policy: string
  readonly title: string
  readonly statements: readonly StatementView[]
}

export interface StatementView {
  readonly sid?: string
  readonly index: number
  readonly effect: string
  readonly line: number
  readonly column: number
  readonly matched: boolean
  /** For a statement that applies: what it required and found. */
  readonly conditions?: readonly ConditionView[]
  /** Of a statement that applies: the values that fit, by element. */
  readonly by?: Readonly<Record<string, string>>
  readonly failed?: Partial<ConditionView> & {
    readonly element: string
    readonly line: number
    readonly column: number
    /** The key holds a list, and the operator is for one value: no value would do. */
    readonly needsSetOperator?: boolean
    /** Variables that the request gives no value. */
    readonly unset?: readonly string[]
    /** Whether variables were replaced in what it required. */
    readonly filled?: boolean
    /** The document's version is too old for variables. */
    readonly plainVariables?: boolean
  }
  readonly problem?: string
  /** Actions that AWS does not have and that were probably meant to be the one in question. */
  readonly unknownActions?: readonly string[]
  /** The statement itself. */
  readonly document?: unknown
}

export interface ConditionView {
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  /** Null if the request has no such key. */
  readonly seen: unknown
}

export interface EditView {
  readonly type: string
  readonly layer: string
  readonly policy: string
  readonly title: string
  readonly sid?: string
  readonly index?: number
  /** Where a value is added: Action, NotAction … */
  readonly element?: string
  readonly action?: string
  readonly resource?: string
  readonly principal?: { readonly type: string; readonly value: string }
  readonly operator?: string
  readonly key?: string
  readonly value?: string
  readonly statement?: unknown
}

/** `Sid ReadPay`, or the statement's number. */
export function statementNamed(
  { sid, index }: { readonly sid?: string; readonly index?: number },
  t: ReasonWords,
): string {
  if (sid) return `Sid ${sid}`
  return index === undefined ? '' : t.statement(index + 1)
}

/** The values of a list that a line shows; of more it gives the number. */
export function listed(values: readonly string[], t: ReasonWords, most = 4): string {
  const texts = values.slice(0, most).map((value) => JSON.stringify(value))
  return `${texts.join(', ')}${values.length > most ? t.moreValues(values.length - most) : ''}`
}
