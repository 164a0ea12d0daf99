import { type Call, family } from '../../authorization/index.ts'
import { type AccountId, parseAccountId, uuid } from '../../base/index.ts'
import {
  type CenterPlace,
  ProvisioningFailure,
  pageIn,
  pageOf,
  permissionSetArn,
  provision,
  unprovision,
} from '../../center/index.ts'
import {
  assignmentKey,
  type CenterAssignment,
  type CenterRequest,
  centerAssignments,
  centerGroups,
  centerQuotas,
  centerRequests,
  centerUsers,
  organizationAccounts,
  provisionings,
} from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { alsoRecorded, getSet, invalid, notFound, tooMany, within } from './operation.ts'

/** Assignments: a permission set lent to a user or a group in an account. The work is done when the answer leaves. */
export const assignments = family<SsoAdmin.Operations>()({
  CreateAccountAssignment: within({
    accounts: (input: SsoAdmin.CreateAccountAssignmentRequest) => accountsOf(input.TargetId),
    run(input: SsoAdmin.CreateAccountAssignmentRequest, place, call) {
      const set = getSet(place, input.PermissionSetArn)
      const assignment = assignmentOf(input, set.id, place)
      const table = place.owner.table(centerAssignments)
      const failure = tried(() => {
        checkPrincipal(assignment, place)
        if (table.find(assignmentKey(assignment)) === undefined) checkRoom(assignment, place)
        alsoRecorded(call, provision(set, place, assignment.account, call))
        table.put(assignment)
      })
      return { AccountAssignmentCreationStatus: begun('create', assignment, failure, place, call) }
    },
  }),
  DeleteAccountAssignment: within({
    accounts: (input: SsoAdmin.DeleteAccountAssignmentRequest) => accountsOf(input.TargetId),
    run(input: SsoAdmin.DeleteAccountAssignmentRequest, place, call) {
      const assignment = assignmentOf(input, getSet(place, input.PermissionSetArn).id, place)
      const table = place.owner.table(centerAssignments)
      const failure = tried(() => {
        if (table.find(assignmentKey(assignment)) === undefined)
          throw new ProvisioningFailure(
            404,
            "EntitlementItem doesn't exist with the given entitlement key EntitlementKey{}",
          )
        table.delete(assignmentKey(assignment))
        if (table.range('place', `${assignment.account} ${assignment.set} `, undefined, 1).length === 0)
          alsoRecorded(call, unprovision(assignment.set, place, assignment.account, call))
      })
      return { AccountAssignmentDeletionStatus: begun('delete', assignment, failure, place, call) }
    },
  }),
  DescribeAccountAssignmentCreationStatus: within({
    run: (input: SsoAdmin.DescribeAccountAssignmentCreationStatusRequest, place) => ({
      AccountAssignmentCreationStatus: statusOf(
        getRequest(input.AccountAssignmentCreationRequestId, 'create', place),
        place,
      ),
    }),
  }),
  DescribeAccountAssignmentDeletionStatus: within({
    run: (input: SsoAdmin.DescribeAccountAssignmentDeletionStatusRequest, place) => ({
      AccountAssignmentDeletionStatus: statusOf(
        getRequest(input.AccountAssignmentDeletionRequestId, 'delete', place),
        place,
      ),
    }),
  }),
  ListAccountAssignmentCreationStatus: within({
    run(input: SsoAdmin.ListAccountAssignmentCreationStatusRequest, place) {
      const { items, NextToken } = requestsOf('create', input, place)
      return { AccountAssignmentsCreationStatus: items, NextToken }
    },
  }),
  ListAccountAssignmentDeletionStatus: within({
    run(input: SsoAdmin.ListAccountAssignmentDeletionStatusRequest, place) {
      const { items, NextToken } = requestsOf('delete', input, place)
      return { AccountAssignmentsDeletionStatus: items, NextToken }
    },
  }),
  ListAccountAssignments: within({
    run(input: SsoAdmin.ListAccountAssignmentsRequest, place) {
      const { id } = getSet(place, input.PermissionSetArn)
      const order = { name: 'place', prefix: `${input.AccountId} ${id} `, textOf: assignmentKey }
      const { items, NextToken } = pageIn(place.owner.table(centerAssignments), order, input)
      return { AccountAssignments: items.map((each) => viewOf(each, place)), NextToken }
    },
  }),
  ListAccountAssignmentsForPrincipal: within({
    run(input: SsoAdmin.ListAccountAssignmentsForPrincipalRequest, place) {
      const where = input.Filter?.AccountId === undefined ? '' : `${input.Filter.AccountId} `
      const { items, NextToken } = pageIn(
        place.owner.table(centerAssignments),
        {
          name: 'principal',
          prefix: `${input.PrincipalType} ${input.PrincipalId} ${where}`,
          textOf: ({ type, principal, account, set }) => `${type} ${principal} ${account} ${set}`,
        },
        input,
      )
      return { AccountAssignments: items.map((each) => viewOf(each, place)), NextToken }
    },
  }),
})

type Named = SsoAdmin.CreateAccountAssignmentRequest | SsoAdmin.DeleteAccountAssignmentRequest

function accountsOf(target: string): readonly AccountId[] {
  const id = parseAccountId(target)
  return id === undefined ? [] : [id]
}

/** @throws Fault if the account is none of the organization */
function assignmentOf(input: Named, set: string, { owner }: CenterPlace): CenterAssignment {
  const account = parseAccountId(input.TargetId)
  if (input.TargetType !== 'AWS_ACCOUNT') throw invalid('TargetType must be AWS_ACCOUNT.')
  if (account === undefined || owner.table(organizationAccounts).find(account) === undefined)
    throw notFound(`AWS account ${input.TargetId} could not be found.`)
  return { account, set, type: input.PrincipalType, principal: input.PrincipalId }
}

/** @throws ProvisioningFailure if nobody is there to lend to */
function checkPrincipal({ type, principal }: CenterAssignment, { center, people }: CenterPlace): void {
  const principalThere =
    type === 'USER' ? people.table(centerUsers).find(principal) : people.table(centerGroups).find(principal)
  if (principalThere !== undefined) return
  throw new ProvisioningFailure(404, `the ${type} assignee ID was not found in directory ${center.storeId}.`)
}

function checkRoom({ account, set }: CenterAssignment, { owner }: CenterPlace): void {
  const sets = new Set(
    owner
      .table(provisionings)
      .values()
      .filter((each) => each.account === account)
      .map((each) => each.set),
  )
  if (!sets.has(set) && sets.size >= centerQuotas.setsOfAccount)
    throw tooMany('The account has too many permission sets.')
}

/** Runs what may fail later than the answer. @returns the reason */
export function tried(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof ProvisioningFailure) return error.reason
    throw error
  }
}

function viewOf({ account, set, type, principal }: CenterAssignment, { center, owner }: CenterPlace) {
  return {
    AccountId: account,
    PermissionSetArn: permissionSetArn(center.id, set, owner),
    PrincipalType: type,
    PrincipalId: principal,
  }
}

function begun(
  kind: 'create' | 'delete',
  { account, set, type, principal }: CenterAssignment,
  failure: string | undefined,
  place: CenterPlace,
  call: Call,
) {
  const request = keepRequest({ kind, account, set, type, principal }, failure, place, call)
  return { ...statusOf(request, place), Status: 'IN_PROGRESS' as const, FailureReason: undefined }
}

/** Keeps what is asked for later; the oldest leave. */
export function keepRequest(
  given: Omit<CenterRequest, 'id' | 'createdAt' | 'failure'>,
  failure: string | undefined,
  { owner }: CenterPlace,
  { now, deps }: Call,
): CenterRequest {
  const table = owner.table(centerRequests)
  if (table.size >= centerQuotas.requests) {
    let oldest: CenterRequest | undefined
    for (const each of table.values())
      if (oldest === undefined || each.createdAt < oldest.createdAt) oldest = each
    if (oldest !== undefined) table.delete(oldest.id)
  }
  const request = {
    ...given,
    id: uuid(deps.random),
    createdAt: now,
    ...(failure !== undefined && { failure }),
  }
  table.put(request)
  return request
}

function getRequest(id: string, kind: CenterRequest['kind'], { owner }: CenterPlace): CenterRequest {
  const request = owner.table(centerRequests).find(id)
  if (request?.kind !== kind) throw notFound(`Could not find the request ${id}.`)
  return request
}

function statusOf(request: CenterRequest, { center, owner }: CenterPlace) {
  return {
    Status: outcomeOf(request),
    RequestId: request.id,
    FailureReason: request.failure,
    TargetId: request.account,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: permissionSetArn(center.id, request.set, owner),
    PrincipalType: request.type,
    PrincipalId: request.principal,
    CreatedDate: request.createdAt,
  }
}

export function outcomeOf({ failure }: CenterRequest): 'SUCCEEDED' | 'FAILED' {
  return failure === undefined ? 'SUCCEEDED' : 'FAILED'
}

interface Listed {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filter?: { readonly Status?: string | undefined } | undefined
}

/** A page of the requests of a kind. */
export function requestsOf(kind: CenterRequest['kind'], input: Listed, { owner }: CenterPlace) {
  const status = input.Filter?.Status
  const all = owner.table(centerRequests).values()
  const { items, NextToken } = pageOf(
    all.filter((each) => each.kind === kind && (status === undefined || outcomeOf(each) === status)),
    ({ id }) => id,
    input,
  )
  return {
    items: items.map((each) => ({
      Status: outcomeOf(each),
      RequestId: each.id,
      CreatedDate: each.createdAt,
    })),
    NextToken,
  }
}

export { getRequest }
