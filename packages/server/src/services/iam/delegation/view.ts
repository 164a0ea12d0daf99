import {
  type Account,
  type DelegationRequest,
  delegationExpiry,
  delegationState,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'

/** Returns a request as answers show it. */
export function requestOut(
  request: DelegationRequest,
  requestor: Account,
  now: number,
): Iam.DelegationRequest {
  return {
    DelegationRequestId: request.id,
    OwnerAccountId: request.ownerAccount,
    Description: request.description,
    RequestMessage: request.message,
    Permissions: {
      PolicyTemplateArn: request.templateArn,
      Parameters: request.parameters.map(({ name, values, type }) => ({
        Name: name,
        Values: values,
        Type: type,
      })),
    },
    PermissionPolicy: request.policy,
    RolePermissionRestrictionArns: request.boundaryArns,
    OwnerId: request.ownerArn,
    ApproverId: request.approverArn,
    State: delegationState(request, now),
    ExpirationTime: delegationExpiry(request),
    RequestorId: request.requestor,
    RequestorName: requestor.settings.name,
    CreateDate: request.createdAt,
    SessionDuration: request.sessionSeconds,
    RedirectUrl: request.redirectUrl,
    Notes: request.notes,
    RejectionReason: request.rejectionReason,
    OnlySendByOwner: request.onlySendByOwner,
    UpdatedTime: request.updatedAt,
  }
}
