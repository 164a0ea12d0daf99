import { omen } from './aws.ts'

/** What the server says of a decision. */
export interface Decision {
  readonly id: string
  readonly time: string
  readonly requestId?: string
  readonly service: string
  readonly operation: string
  readonly caller: string
  readonly sourceIp?: string
  readonly allowed: boolean
  readonly letThrough?: boolean
  readonly asked: readonly Question[]
  readonly behind?: readonly {
    readonly action: string
    readonly resource: string
    readonly outcome: string
  }[]
  readonly ways: readonly Way[]
}

/** A call that ended before any policy was asked. */
export interface FailedCall {
  readonly failed: true
  readonly time: string
  readonly code: string
  readonly message: string
}

/** One question that a call raises, and its answer. */
export interface Question {
  readonly caller: string
  readonly action: string
  readonly resource: string
  readonly outcome: 'allowed' | 'explicitDeny' | 'implicitDeny'
  readonly because: string
  readonly sentence: string
  readonly crossAccount: boolean
  readonly missing?: boolean
  readonly outOfScope?: boolean
  readonly context: Readonly<Record<string, string | readonly string[]>>
  readonly layers: readonly Layer[]
  /** The sentences of docs/behaviour that the answer rests on and that are assumed. */
  readonly assumed?: readonly string[]
}

export type LayerName = 'scp' | 'rcp' | 'resource' | 'identity' | 'boundary' | 'session' | 'endpoint'

export interface Layer {
  readonly layer: LayerName
  readonly level?: number
  readonly verdict: 'allow' | 'explicitDeny' | 'noAllow' | 'notApplied'
  readonly policies: readonly TracedPolicy[]
  /** Another account has written it: only its verdict is shown. */
  readonly hidden?: true
}

export interface TracedPolicy {
  readonly policy: string
  readonly title: string
  readonly statements: readonly TracedStatement[]
}

export interface Condition {
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  readonly seen: unknown
}

export interface TracedStatement {
  readonly sid?: string
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly line: number
  readonly matched: boolean
  readonly by?: Readonly<Record<string, string>>
  readonly conditions?: readonly Condition[]
  readonly failed?: Partial<Condition> & {
    readonly element: string
    readonly line: number
    /** The key holds a list, and the operator is for one value. */
    readonly needsSetOperator?: boolean
  }
  readonly problem?: string
  readonly unknownActions?: readonly string[]
  readonly document?: unknown
}

/** A way to what was denied. */
export type Way =
  | { readonly kind: 'call'; readonly changes: readonly KeyChange[] }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'widen'; readonly edits: readonly Edit[]; readonly opens?: Opens }
  | {
      readonly kind: 'guardrail'
      readonly guardrails: readonly string[]
      readonly edits: readonly Edit[]
      readonly opens?: Opens
    }

/** What an edit opens beside the call: a path to an administrator, or it is not known whether it does. */
export type Opens = 'administrator' | 'unknown'

export interface KeyChange {
  readonly part: string
  readonly key: string
  readonly value: string | readonly string[] | null
  readonly seen: string | readonly string[] | null
}

export interface Edit {
  readonly type: string
  readonly layer: LayerName
  readonly title: string
  readonly sid?: string
  readonly index?: number
  readonly element?: string
  readonly action?: string
  readonly resource?: string
  readonly principal?: { readonly type: string; readonly value: string }
  readonly operator?: string
  readonly key?: string
  readonly value?: string
  readonly statement?: unknown
}

/** The decision again by the policies of now. */
export interface DecisionNow {
  readonly time: string
  readonly gone?: true
  readonly allowed?: boolean
  readonly asked?: readonly Question[]
  readonly ways?: readonly Way[]
  /** The id of the decision of now, if it is a denial. */
  readonly decision?: string
  /** The event of the call, if the decision itself is no longer kept. */
  readonly event?: { readonly id: string; readonly name: string; readonly time: string }
  /** Condition keys of the call whose values were not kept; `*` if there were more than are kept. */
  readonly unknown?: readonly string[]
}

/** A policy that a way by edits changes. */
export interface EditedPolicy {
  readonly layer: LayerName
  readonly kind:
    | 'identity'
    | 'trust'
    | 'resource'
    | 'key'
    | 'scp'
    | 'rcp'
    | 'session'
    | 'boundary'
    | 'endpoint'
  readonly title: string
  readonly arn?: string
  readonly before: string | null
  readonly after: string | null
}

/** A denial in a list. */
export interface DenialHead {
  readonly id: string
  readonly time: string
  readonly action: string
  readonly resource: string
}

/** The last denials, newest first. */
export async function denials(signal?: AbortSignal): Promise<readonly DenialHead[]> {
  const path = '/_omen/decisions'
  return (await omen<{ denials: readonly DenialHead[] }>('GET', path, undefined, { signal })).denials
}

export function getDecision(id: string, signal?: AbortSignal): Promise<Decision | FailedCall> {
  return omen('GET', `/_omen/decisions/${encodeURIComponent(id)}`, undefined, { signal })
}

export function getDecisionNow(id: string, signal?: AbortSignal): Promise<DecisionNow> {
  return omen('GET', `/_omen/api/decisions/${encodeURIComponent(id)}/now`, undefined, { signal })
}

/** What one of the ways by edits would make of the policies. `number` counts these ways alone. */
export async function getEdited(
  id: string,
  number: number,
  signal?: AbortSignal,
): Promise<readonly EditedPolicy[]> {
  const path = `/_omen/api/decisions/${encodeURIComponent(id)}/edits/${number}`
  return (await omen<{ policies: readonly EditedPolicy[] }>('GET', path, undefined, { signal })).policies
}

/** The answer to a hypothetical question. */
export interface Answer {
  readonly id: string
  readonly allowed: boolean
  readonly caller: string
  readonly asked: readonly Question[]
  readonly ways: readonly Way[]
}

/** A hypothetical call. */
export interface Asking {
  readonly who: string
  /** Roles that are put on one over the other before it. */
  readonly chain?: readonly string[]
  readonly action: string
  readonly resource: string
  /** The account that owns the resource, if its ARN does not say it. */
  readonly owner?: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  readonly sessionPolicy?: string
}

/** Whether a principal may do something, before it happens. */
export function askWhetherCan(asking: Asking): Promise<Answer> {
  return omen('POST', '/_omen/can', { ...asking })
}
