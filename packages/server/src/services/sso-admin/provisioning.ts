import { family } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'
import {
  type CenterPlace,
  hashOfSet,
  ProvisioningFailure,
  pageOf,
  permissionSetArn,
  provision,
} from '../../center/index.ts'
import {
  type CenterRequest,
  type Provisioning,
  permissionSets,
  provisionings,
} from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { getRequest, keepRequest, outcomeOf, requestsOf, tried } from './assignments.ts'
import { alsoRecorded, getSet, invalid, lastOf, within } from './operation.ts'

/** Provisioning: the roles of a permission set become what the set is now. */
export const provisioning = family<SsoAdmin.Operations>()({
  ProvisionPermissionSet: within({
    accounts: (input: SsoAdmin.ProvisionPermissionSetRequest, place) =>
      targetsOf(input, lastOf(input.PermissionSetArn) ?? '', place),
    run(input: SsoAdmin.ProvisionPermissionSetRequest, place, call) {
      const set = getSet(place, input.PermissionSetArn)
      if ((input.TargetType === 'AWS_ACCOUNT') !== (input.TargetId !== undefined))
        throw invalid('TargetId is given with TargetType AWS_ACCOUNT, and only then.')
      const failure = tried(() => {
        for (const account of targetsOf(input, set.id, place)) {
          // a set that is lent to nobody there has no role there
          if (place.owner.table(provisionings).find(`${account} ${set.id}`) === undefined)
            throw new ProvisioningFailure(404, 'Assignment not found.')
          alsoRecorded(call, provision(set, place, account, call))
        }
      })
      const account = input.TargetId === undefined ? undefined : parseAccountId(input.TargetId)
      const request = keepRequest(
        { kind: 'provision', set: set.id, ...(account !== undefined && { account }) },
        failure,
        place,
        call,
      )
      const status = statusOf(request, place)
      return {
        PermissionSetProvisioningStatus: {
          ...status,
          Status: 'IN_PROGRESS' as const,
          FailureReason: undefined,
        },
      }
    },
  }),
  DescribePermissionSetProvisioningStatus: within({
    run: (input: SsoAdmin.DescribePermissionSetProvisioningStatusRequest, place) => ({
      PermissionSetProvisioningStatus: statusOf(
        getRequest(input.ProvisionPermissionSetRequestId, 'provision', place),
        place,
      ),
    }),
  }),
  ListPermissionSetProvisioningStatus: within({
    run(input: SsoAdmin.ListPermissionSetProvisioningStatusRequest, place) {
      const { items, NextToken } = requestsOf('provision', input, place)
      return { PermissionSetsProvisioningStatus: items, NextToken }
    },
  }),
  ListAccountsForProvisionedPermissionSet: within({
    run(input: SsoAdmin.ListAccountsForProvisionedPermissionSetRequest, place) {
      const { id } = getSet(place, input.PermissionSetArn)
      const { items, NextToken } = pageOf(
        provisioned(place, input.ProvisioningStatus).filter(({ set }) => set === id),
        ({ account }) => account,
        input,
      )
      return { AccountIds: items.map(({ account }) => account), NextToken }
    },
  }),
  ListPermissionSetsProvisionedToAccount: within({
    run(input: SsoAdmin.ListPermissionSetsProvisionedToAccountRequest, place) {
      const { items, NextToken } = pageOf(
        provisioned(place, input.ProvisioningStatus).filter(({ account }) => account === input.AccountId),
        ({ set }) => set,
        input,
      )
      return {
        PermissionSets: items.map(({ set }) => permissionSetArn(place.center.id, set, place.owner)),
        NextToken,
      }
    },
  }),
})

function targetsOf(
  { TargetId: target }: SsoAdmin.ProvisionPermissionSetRequest,
  set: string,
  { owner }: CenterPlace,
): readonly AccountId[] {
  if (target !== undefined) {
    const id = parseAccountId(target)
    return id === undefined ? [] : [id]
  }
  return [...owner.table(provisionings).values()].flatMap((each) => (each.set === set ? [each.account] : []))
}

/** The provisionings that are as the sets are now, or that are behind. */
function provisioned({ owner }: CenterPlace, status: string | undefined): readonly Provisioning[] {
  const all = [...owner.table(provisionings).values()]
  if (status === undefined) return all
  const hashes = new Map([...owner.table(permissionSets).values()].map((set) => [set.id, hashOfSet(set)]))
  const isLatest = status === 'LATEST_PERMISSION_SET_PROVISIONED'
  return all.filter(({ set, hash }) => (hashes.get(set) === hash) === isLatest)
}

function statusOf(request: CenterRequest, { center, owner }: CenterPlace) {
  return {
    Status: outcomeOf(request),
    RequestId: request.id,
    AccountId: request.account,
    PermissionSetArn: permissionSetArn(center.id, request.set, owner),
    FailureReason: request.failure,
    CreatedDate: request.createdAt,
  }
}
