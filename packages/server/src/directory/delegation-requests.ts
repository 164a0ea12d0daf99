import { type AccountId, parseAccountId, type Random } from '../base/index.ts'
import { defineTable } from './table.ts'

/** The state of a delegation request. EXPIRED follows from the clock and is never stored. */
export type DelegationState =
  | 'UNASSIGNED'
  | 'ASSIGNED'
  | 'PENDING_APPROVAL'
  | 'ACCEPTED'
  | 'FINALIZED'
  | 'REJECTED'

/** A request for temporary access to another account; the requestor's account holds it. */
export interface DelegationRequest {
  /** A UUID that ends in the requestor's account number, so that any account can find it. */
  readonly id: string
  readonly requestor: AccountId
  /** The requestor's name for it; unique in its account. */
  readonly workflowId: string
  readonly description: string
  readonly message?: string
  readonly templateArn: string
  readonly parameters: readonly DelegationParameter[]
  /** The template with its parameters filled in: the session's permissions. */
  readonly policy: string
  /** Permissions boundaries that roles must have if the policy permits their creation. */
  readonly boundaryArns: readonly string[]
  readonly notificationChannel: string
  readonly redirectUrl?: string
  readonly sessionSeconds: number
  readonly onlySendByOwner: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly state: DelegationState
  readonly stateSince: number
  /** Given by the requestor, or the account of the user who accepted it. */
  readonly ownerAccount?: AccountId
  readonly ownerArn?: string
  readonly approverArn?: string
  readonly notes?: string
  readonly rejectionReason?: string
}

export interface DelegationParameter {
  readonly name: string
  readonly values: readonly string[]
  readonly type: 'string' | 'stringList'
}

/** In the owner's account: a request that belongs to it, and its location. */
export interface OwnedDelegation {
  readonly id: string
  readonly requestor: AccountId
}

export const delegationRequests = defineTable<DelegationRequest, 'workflow'>({
  kind: 'iam/delegation-request',
  key: (r) => r.id,
  indexes: { workflow: (r) => r.workflowId },
})
export const ownedDelegations = defineTable<OwnedDelegation>({
  kind: 'iam/owned-delegation',
  key: (r) => r.id,
})

const day = 86_400_000

/** Returns when the request expires unless something happens to it (behaviour DLG-3). */
export function delegationExpiry({ state, stateSince }: DelegationRequest): number {
  return stateSince + (state === 'UNASSIGNED' ? day : 7 * day)
}

/** Returns the current state of the request. */
export function delegationState(request: DelegationRequest, now: number): DelegationState | 'EXPIRED' {
  return now >= delegationExpiry(request) ? 'EXPIRED' : request.state
}

/** Returns a new id: a UUID of the custom form (RFC 9562, version 8). */
export function newDelegationId(requestor: AccountId, random: Random): string {
  const hex = Buffer.from(random.bytes(11)).toString('hex')
  const account = Number(requestor).toString(16).padStart(10, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 22)}${account}`
}

/** Returns the account that holds the request of this id, if the id has the form. */
export function requestorOf(id: string): AccountId | undefined {
  const hex = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{2}([\da-f]{10})$/.exec(id)?.[1]
  return hex === undefined ? undefined : parseAccountId(String(Number.parseInt(hex, 16)).padStart(12, '0'))
}
