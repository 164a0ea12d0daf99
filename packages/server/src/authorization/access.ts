import type { ContextInput } from '@omen-iam/policy'
import type { AccountId } from '../base/index.ts'
import type { Caller } from '../session/index.ts'

/** Condition keys and their values; a key whose value is undefined is not added to the request. */
export type ContextKeys = Readonly<Record<string, ContextInput | undefined>>

/** The policy attached to a resource, and which policies must allow access to it. */
export interface ResourcePolicy {
  /** The document's text; undefined if the resource has none, which matters with `explicit` and `trust`. */
  readonly document: string | undefined
  readonly grant: 'either' | 'explicit' | 'trust'
  readonly arn?: string
  /** Whether the resource does not exist, so that no policy can be attached to it. */
  readonly missing?: boolean
}

/** A question that a call asks: may the caller do this action on this resource? */
export interface AccessRequest {
  /** `iam:CreateRole`. */
  readonly action: string
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string
  /** A pattern of the resource, if a part of its name is random and another one at the next call. */
  readonly resourcePattern?: string
  /** The owner of the resource; by default the account in its ARN, otherwise the caller's. */
  readonly resourceAccount?: AccountId
  readonly context?: ContextKeys
  /** The service that makes this request with the caller's credentials: `secretsmanager.amazonaws.com`. */
  readonly forwardedBy?: string
  readonly resourcePolicy?: ResourcePolicy
  /** The canonical user id of the caller's account, if the resource's policy names accounts by it. */
  readonly canonicalId?: string
  /** Returns whether it is not known if the request has a condition key, given in lower case, without a value here. */
  readonly isUnknown?: (key: string) => boolean
  /** The operation needs no permission, and no policy can deny it. */
  readonly exempt?: boolean
  /** The name of the resource in a refusal, if AWS does not write the ARN; null leaves the clause out. */
  readonly resourceInSentence?: string | null
  /** Whether the refusal omits the resource, as STS does if a trust policy refuses. */
  readonly bareSentence?: boolean
  /** The message of a refusal instead of AWS's common sentence. */
  readonly refusal?: string
  /** A service's own code and words for the refusal of a question that it asks on the caller's behalf. */
  readonly refusedAs?: RefusedAs
  /**
   * The caller in question in place of the one who calls: the role of an execution, or a service by the resource's own
   * policy.
   */
  readonly asked?: Caller
  /** The number of the member of a batch that it is about, and the resource of that member. */
  readonly part?: number
  readonly partOf?: string
  /** It is refused with this message even if every policy allows it. */
  readonly forbidden?: string
  /** The policy of the resource is not asked: the thing belongs to the caller's account. */
  readonly alone?: boolean
  /** Only an explicit Deny refuses: a policy that the caller cannot see allows it, such as that of a key of AWS's own. */
  readonly deniesOnly?: boolean
  /** The resource is a pattern, and nobody knows which of its resources are meant: a Deny of one of them counts. */
  readonly some?: boolean
  /** Questions of which one is enough in place of this one: a value under several keys. */
  readonly or?: readonly AccessRequest[]
  /** The account in which it is decided, if that is not the owner's: that of a grant of AWS KMS. */
  readonly decidedIn?: AccountId
}

/** How a service answers a refusal. */
export interface RefusedAs {
  readonly code: string
  /** Default: that of the protocol. */
  readonly status?: number
  /** With `${sentence}`, `${action}`, `${resource}` and `${requestId}`; default: the sentence. */
  readonly text?: string
  /** Further members of the error. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** A role that the call passes to a service: iam:PassRole is asked for it. */
export interface PassedRole {
  readonly roleArn: string
  /** The service principal that will use the role: iam:PassedToService. */
  readonly service: string
  readonly associatedResourceArn?: string
}
