import { type Call, callerArn, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { ownedDelegations } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'
import { asksRequest, callingIdentity, checkState, getRequest, moveTo, requestorAccount } from './place.ts'

interface ById {
  readonly DelegationRequestId: string
}

const onRequest = {
  accounts: requestorAccount,
  requests: (input: ById, call: Call) => asksRequest(input.DelegationRequestId, call),
}

/** The longest access that root may grant. */
const rootMostSeconds = 4 * 3_600

/**
 * The owner's side: accepting a request, forwarding it, approving or rejecting it, and sending the token (behaviours
 * DLG-3 to DLG-8).
 */
export const decideDelegationFamily = family<Iam.Operations>()({
  AssociateDelegationRequest: {
    ...onRequest,
    run(input, call) {
      const placed = getRequest(input.DelegationRequestId, call)
      const { request } = placed
      checkState(request, ['UNASSIGNED'], call)
      const owner = { ownerAccount: call.account.id, ownerArn: callingIdentity(call) }
      moveTo(placed, 'ASSIGNED', owner, call)
      call.account.table(ownedDelegations).put({ id: request.id, requestor: request.requestor })
    },
  },
  UpdateDelegationRequest: {
    ...onRequest,
    run(input, call) {
      const placed = getRequest(input.DelegationRequestId, call)
      checkState(placed.request, ['ASSIGNED', 'PENDING_APPROVAL'], call)
      moveTo(placed, 'PENDING_APPROVAL', input.Notes === undefined ? {} : { notes: input.Notes }, call)
    },
  },
  AcceptDelegationRequest: {
    ...onRequest,
    run(input, call) {
      const placed = getRequest(input.DelegationRequestId, call)
      const { request } = placed
      checkState(request, ['ASSIGNED', 'PENDING_APPROVAL'], call)
      if (call.caller.kind === 'root' && request.sessionSeconds > rootMostSeconds) {
        throw invalidInput('The root user can accept delegation requests of at most 4 hours.')
      }
      moveTo(placed, 'ACCEPTED', { approverArn: callingIdentity(call) }, call)
    },
  },
  RejectDelegationRequest: {
    ...onRequest,
    run(input, call) {
      const placed = getRequest(input.DelegationRequestId, call)
      checkState(placed.request, ['ASSIGNED', 'PENDING_APPROVAL', 'ACCEPTED'], call)
      moveTo(placed, 'REJECTED', input.Notes === undefined ? {} : { rejectionReason: input.Notes }, call)
    },
  },
  SendDelegationToken: {
    ...onRequest,
    run(input, call) {
      const placed = getRequest(input.DelegationRequestId, call)
      const { request } = placed
      checkState(request, ['ACCEPTED'], call)
      if (request.onlySendByOwner && request.ownerArn !== callerArn(call)) {
        throw fault('AccessDenied', 'Only the owner of the delegation request can send its token.', 403)
      }
      moveTo(placed, 'FINALIZED', {}, call)
    },
  },
})
