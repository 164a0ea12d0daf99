import { type Call, family, otherAccount } from '../../../authorization/index.ts'
import { type Account, delegationRequests, ownedDelegations } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { page, sortedBy } from '../page.ts'
import { actionOf } from '../target.ts'
import { checkPermissions } from './permission-check.ts'
import { asksRequest, getRequest, type Placed, requestorAccount } from './place.ts'
import { requestOut } from './view.ts'

/** Reading delegation requests (behaviours DLG-4 and DLG-9). */
export const lookAtDelegationFamily = family<Iam.Operations>()({
  GetDelegationRequest: {
    accounts: requestorAccount,
    requests: (input: Iam.GetDelegationRequestRequest, call: Call) =>
      asksRequest(input.DelegationRequestId, call),
    run(input, call) {
      const { request, account } = getRequest(input.DelegationRequestId, call)
      return {
        DelegationRequest: requestOut(request, account, call.now),
        ...(input.DelegationPermissionCheck === true
          ? {
              PermissionCheckStatus: 'COMPLETE',
              PermissionCheckResult: checkPermissions(request.policy, call),
            }
          : {}),
      }
    },
  },
  ListDelegationRequests: {
    accounts: (_input, { account }) =>
      [...account.table(ownedDelegations).values()].map(({ requestor }) => requestor),
    requests: (input: Iam.ListDelegationRequestsRequest, call: Call) => [
      { action: actionOf(call), resource: '*', context: { 'iam:DelegationRequestOwner': input.OwnerId } },
    ],
    run(input, call) {
      const owned = sortedBy(ownedRequests(call), ({ request }) => request.id)
      const { items, rest } = page(
        owned,
        ({ request }) => request.id,
        input,
        ({ request }) => input.OwnerId === undefined || request.ownerArn === input.OwnerId,
      )
      const { IsTruncated: isTruncated, Marker } = rest
      return {
        DelegationRequests: items.map(({ request, account }) => requestOut(request, account, call.now)),
        isTruncated,
        Marker,
      }
    },
  },
})

function* ownedRequests(call: Call): Generator<Placed> {
  for (const { id, requestor } of call.account.table(ownedDelegations).values()) {
    const account: Account | undefined = otherAccount(call, requestor)
    const request = account?.table(delegationRequests).find(id)
    if (account !== undefined && request !== undefined) yield { account, request }
  }
}
