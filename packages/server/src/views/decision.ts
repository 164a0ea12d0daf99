/**
 * Decisions as people and programs read them: the JSON of `/_omen/decisions`, `/_omen/can` and the like. The server writes it,
 * the console and the CLI read it.
 */
export interface DecisionView {
  readonly id: string
  /** ISO 8601. */
  readonly time: string
  readonly requestId: string
  readonly service: string
  readonly operation: string
  /** An ARN, or the kind of a caller that has none. */
  readonly caller: string
  readonly sourceIp?: string | undefined
  readonly allowed: boolean
  /** Mode audit allowed the call nevertheless. */
  readonly letThrough?: boolean
  readonly asked: readonly QuestionView[]
  /** Questions behind the denied one. */
  readonly behind: readonly BehindView[]
  /** Further ones, which were not evaluated. */
  readonly beyond?: number
  /** The change that would allow the whole call; null if no policy can, absent if nothing is denied or it is hidden. */
  readonly change?: { readonly edits: readonly EditView[] } | null | undefined
  readonly otherRoles: readonly string[]
  readonly ways: readonly WayView[]
}

/** One question that a call raises, and its answer. */
export interface QuestionView {
  /** Of a chain, the later questions are asked by the roles that are assumed. */
  readonly caller: string
  readonly action: string
  readonly resource: string
  readonly outcome: OutcomeView
  /** The statement that allows it, or the layer that denies it. */
  readonly because: string
  readonly crossAccount: boolean
  /** AWS's own sentence; empty if it is allowed. */
  readonly sentence: string
  readonly story: readonly string[]
  /** The sentences of docs/behaviour that the decision rests on and that are assumed. */
  readonly assumed?: readonly string[]
  readonly context: Readonly<Record<string, string | readonly string[]>>
  /** There is no such resource. */
  readonly missing?: boolean
  /** The policies allow it, and the scopes of the session do not. */
  readonly outOfScope?: boolean
  readonly layers: readonly LayerView[]
  readonly suggestions: readonly { readonly edits: readonly EditView[] }[]
}

export type OutcomeView = 'allowed' | 'explicitDeny' | 'implicitDeny'

/** A question behind the denied one, and why it is denied as well. */
export interface BehindView {
  readonly action: string
  readonly resource: string
  readonly outcome: OutcomeView
  readonly layer?: LayerNameView
  /** The layer is the trust policy of a role. */
  readonly trust?: boolean
  readonly by?: { readonly title: string; readonly sid?: string | undefined; readonly index: number }
}

export type LayerNameView = 'scp' | 'rcp' | 'resource' | 'identity' | 'boundary' | 'session' | 'endpoint'

/** A layer: each of its policies with its statements, and why they apply or do not. */
export interface LayerView {
  readonly layer: LayerNameView
  /** From the root, of SCPs and RCPs. */
  readonly level?: number
  readonly verdict: 'allow' | 'explicitDeny' | 'noAllow' | 'notApplied'
  readonly grantedTo?: string
  readonly policies: readonly PolicyView[]
  /** The reader may not see it: only its verdict is shown. */
  readonly hidden?: true
}

export interface PolicyView {
  /** The name for programs. */
  readonly policy: string
  readonly title: string
  readonly statements: readonly StatementView[]
}

export interface StatementView {
  readonly sid?: string | undefined
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly line: number
  readonly column: number
  readonly matched: boolean
  /** Of a statement that applies: what it required and found. */
  readonly conditions?: readonly ConditionView[]
  /** Of a statement that applies: the values that fit, by element. */
  readonly by?: Readonly<Record<string, string>>
  readonly failed?: FailureView
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
  /** The reader may not see what the request had. */
  readonly secret?: true
}

/** The part of a statement that does not match. */
export interface FailureView extends Partial<ConditionView> {
  readonly element: string
  readonly line: number
  readonly column: number
  /** The key holds a list, and the operator is for one value: no value would do. */
  readonly needsSetOperator?: boolean
  /** Variables that the request gives no value. */
  readonly unset?: readonly string[]
  /** Variables were replaced in what it required. */
  readonly filled?: boolean
  /** The version of the document is too old for variables. */
  readonly plainVariables?: boolean
}

/** One fix for a denial, in the order in which a careful engineer considers them. */
export type WayView =
  /** Call otherwise: with MFA, a tag, an external id, in another region. The policies stay as they are. */
  | { readonly kind: 'call'; readonly changes: readonly KeyChangeView[] }
  /** Assume a role that may. */
  | { readonly kind: 'role'; readonly role: string }
  /** Give a permission. */
  | { readonly kind: 'widen'; readonly edits: readonly EditView[]; readonly opens?: OpensView }
  /** Guardrails that it weakens, by title. */
  | {
      readonly kind: 'guardrail'
      readonly guardrails: readonly string[]
      readonly edits: readonly EditView[]
      readonly opens?: OpensView
    }

/**
 * The paths that edits open beside the call: one of the caller to an administrator, or it is not known whether they
 * open one.
 */
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

/** An edit of a policy: where it is made, and what it changes there. */
export interface EditView {
  readonly type: string
  readonly layer: LayerNameView
  readonly policy: string
  readonly title: string
  readonly sid?: string | undefined
  readonly index?: number
  readonly line?: number
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
