import type { PolicyKind } from '@omen-iam/policy'
import type { DecisionView, LayerNameView, QuestionView, WayView } from 'omen-iam/views'
import { omen } from './aws.ts'

export type {
  ConditionView as Condition,
  DecisionView as Decision,
  EditView as Edit,
  KeyChangeView as KeyChange,
  LayerNameView as LayerName,
  LayerView as Layer,
  OpensView as Opens,
  PolicyView as TracedPolicy,
  QuestionView as Question,
  StatementView as TracedStatement,
  WayView as Way,
} from 'omen-iam/views'

/** A call that ended before any policy was asked. */
export interface FailedCall {
  readonly failed: true
  readonly time: string
  readonly code: string
  readonly message: string
}

/** The decision again by the policies of now. */
export interface DecisionNow {
  readonly time: string
  readonly gone?: true
  readonly allowed?: boolean
  readonly asked?: readonly QuestionView[]
  readonly ways?: readonly WayView[]
  /** The id of the decision of now, if it is a denial. */
  readonly decision?: string
  /** The event of the call, if the decision itself is no longer kept. */
  readonly event?: { readonly id: string; readonly name: string; readonly time: string }
  /** Condition keys of the call whose values were not kept; `*` if there were more than are kept. */
  readonly unknown?: readonly string[]
}

/** A policy that a way by edits changes. */
export interface EditedPolicy {
  readonly layer: LayerNameView
  readonly kind: PolicyKind
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

export function getDecision(id: string, signal?: AbortSignal): Promise<DecisionView | FailedCall> {
  return omen('GET', `/_omen/decisions/${encodeURIComponent(id)}`, undefined, { signal })
}

export function getDecisionNow(id: string, signal?: AbortSignal): Promise<DecisionNow> {
  return omen('GET', `/_omen/api/decisions/${encodeURIComponent(id)}/now`, undefined, { signal })
}

/** Returns the policies as one of the ways by edits would leave them. `number` counts these ways alone. */
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
  readonly asked: readonly QuestionView[]
  readonly ways: readonly WayView[]
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
