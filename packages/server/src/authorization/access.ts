import type { ContextInput } from '@omen-iam/policy'
import type { AccountId } from '../base/index.ts'

/** Condition keys and their values; undefined ones are absent from the request. */
export type ContextKeys = Readonly<Record<string, ContextInput | undefined>>

/** The policy that a resource brings along, and who must say yes on it. */
export interface ResourcePolicy {
  /** The document's text; undefined where the resource has none, which matters under `explicit` and `trust`. */
  readonly document: string | undefined
  readonly grant: 'either' | 'explicit' | 'trust'
  readonly arn?: string
  /** There is no such resource, so that nobody can give it a policy. */
  readonly missing?: boolean
}

/** One question that a call raises: may the caller do this action on this resource? */
export interface AccessRequest {
  /** `iam:CreateRole`. */
  readonly action: string
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string
  /** Whose the resource is; left out, the account in its ARN or else the caller's. */
  readonly resourceAccount?: AccountId
  readonly context?: ContextKeys
  readonly resourcePolicy?: ResourcePolicy
  /** The operation needs no permission and no policy can deny it. */
  readonly exempt?: boolean
  /** How a refusal names the resource, where AWS does not write the ARN; null leaves the clause out. */
  readonly resourceInSentence?: string | null
  /** Live STS says nothing behind the resource when a trust policy refuses. */
  readonly bareSentence?: boolean
  /** What a refusal says instead of AWS's common sentence. */
  readonly refusal?: string
}

/** A role that the call hands to a service: iam:PassRole is asked for it. */
export interface PassedRole {
  readonly roleArn: string
  /** The service principal that will wear it: iam:PassedToService. */
  readonly service: string
  readonly associatedResourceArn?: string
}
