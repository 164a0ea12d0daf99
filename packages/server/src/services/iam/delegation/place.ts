import { type AccessRequest, type Call, callerArn, otherAccount } from '../../../authorization/index.ts'
import { type AccountId, fault, iamArn } from '../../../base/index.ts'
import {
  type Account,
  type DelegationRequest,
  type DelegationState,
  delegationRequests,
  delegationState,
  requestorOf,
} from '../../../directory/index.ts'
import { invalidInput, noSuchEntity } from '../faults.ts'
import { actionOf } from '../target.ts'

interface ById {
  readonly DelegationRequestId: string
}

/** The account that holds a request must be loaded. */
export function requestorAccount({ DelegationRequestId: id }: ById, call: Call): readonly AccountId[] {
  const requestor = requestorOf(id)
  return requestor === undefined || requestor === call.account.id ? [] : [requestor]
}

/** A request with the account that holds it. */
export interface Placed {
  readonly account: Account
  readonly request: DelegationRequest
}

/**
 * Returns a request that the caller's account may see: one without an owner account is visible to all, any other to
 * its owner (behaviour DLG-4).
 */
function findRequest(id: string, call: Call): Placed | undefined {
  const requestor = requestorOf(id)
  const account = requestor && otherAccount(call, requestor)
  if (!account) return undefined
  const request = account.table(delegationRequests).find(id)
  if (request === undefined) return undefined
  const owner = request.ownerAccount
  return owner === undefined || owner === call.account.id ? { account, request } : undefined
}

/** @throws Fault NoSuchEntity */
export function getRequest(id: string, call: Call): Placed {
  const placed = findRequest(id, call)
  if (placed === undefined) throw noSuchEntity(`The delegation request with ID ${id} cannot be found.`)
  return placed
}

/** Operations that a request's owner may call without a policy that allows it (behaviour DLG-5). */
const ownersOwn: ReadonlySet<string> = new Set([
  'GetDelegationRequest',
  'UpdateDelegationRequest',
  'GetHumanReadableSummary',
])

/**
 * Returns the question of an operation on a request; the owner's default permission is a policy attached to the
 * request.
 */
export function asksRequest(id: string, call: Call): readonly AccessRequest[] {
  const { account, operation } = call
  const owner = findRequest(id, call)?.request.ownerArn
  const action = actionOf(call)
  const isOwners = owner !== undefined && owner === callerArn(call) && ownersOwn.has(operation.name)
  return [
    {
      action,
      resource: iamArn(account, 'delegation-request', '/', id),
      resourceAccount: account.id,
      context: { 'iam:DelegationRequestOwner': owner },
      ...(isOwners ? { resourcePolicy: { document: ownersPolicy(owner, action), grant: 'either' } } : {}),
    },
  ]
}

function ownersPolicy(owner: string, action: string): string {
  const statement = { Effect: 'Allow', Principal: { AWS: owner }, Action: action, Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: statement })
}

/** @throws Fault InvalidInput if the request is in none of these states */
export function checkState(request: DelegationRequest, from: readonly DelegationState[], call: Call): void {
  const state = delegationState(request, call.now)
  if (state === 'EXPIRED' || !from.includes(state)) {
    throw invalidInput(`The delegation request ${request.id} is in the state ${state}.`)
  }
}

/** Returns the caller in the form that requests store. @throws Fault if the caller has no ARN */
export function callingIdentity(call: Call): string {
  const arn = callerArn(call)
  if (arn === undefined) throw fault('AccessDenied', 'Only an identity of an account can do this.', 403)
  return arn
}

/** Stores a request in its new state. */
export function moveTo(
  { account, request }: Placed,
  state: DelegationState,
  change: Partial<DelegationRequest>,
  call: Call,
): void {
  account
    .table(delegationRequests)
    .put({ ...request, ...change, state, stateSince: call.now, updatedAt: call.now })
}
