import { type Call, family } from '../../authorization/index.ts'
import { type AccountId, assert, fault, isoSeconds, parseAccountId } from '../../base/index.ts'
import { organizationAccounts, organizationArn, settings } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attachDefaults } from './attachment.ts'
import { isEmailAddress } from './email-address.ts'
import { invalid, refuse, violates } from './faults.ts'
import { accountNumber, letters } from './ids.ts'
import { findInvited } from './invited.ts'
import { accountsCounted } from './members.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import type { Place } from './place.ts'
import { accessRole, defaultRoleName, serviceLinkedRole } from './preconfigured-roles.ts'
import { quotasOf } from './quotas.ts'
import { type AccountRequest, accountRequests } from './records.ts'
import { hidden, recordCreated, recordJoined } from './service-events.ts'
import { addTags, requestTags, tagging } from './tag.ts'
import { stateOf } from './view.ts'

/** Accounts that the organization creates, and the state of their creation. */
export const createAccount = family<Organizations.Operations>()({
  CreateAccount: within('management', {
    movesPolicies: true,
    context: (input) => requestTags(input.Tags),
    also: (input, { organization }) => tagging(input.Tags, organizationArn(organization, 'account', '*')),
    prepare: async (input, call) => ({
      id: await unusedNumber(call),
      taken: (await findInvited({ Type: 'EMAIL', Id: input.Email }, call)) !== undefined,
    }),
    run(input, place, call, { id, taken: takenInServer }) {
      const { management } = place
      const roleName = input.RoleName ?? defaultRoleName
      if (/^AWSServiceRoleFor/i.test(roleName)) {
        throw invalid(
          'INVALID_ROLE_NAME',
          "You provided a role name that isn't valid. A role name can't begin with the reserved prefix AWSServiceRoleFor.",
        )
      }
      const tags = addTags([], input.Tags ?? [])
      if (accountsCounted(place, call.now) >= quotasOf(call).accounts) {
        throw violates(
          'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
          'You have exceeded the allowed number of AWS accounts.',
        )
      }
      const failure = failureOf(input.Email, takenInServer, place)
      const request: AccountRequest = {
        id: `car-${letters(32, call.deps.random)}`,
        accountName: input.AccountName,
        requestedAt: call.now,
        completedAt: call.now,
        ...(failure === undefined ? { accountId: id } : { failure }),
      }
      management.table(accountRequests).put(request)
      recordCreated(management.id, request, call)
      if (failure === undefined) {
        makeAccount(id, input, roleName, place, call)
        management.table(organizationAccounts).put({
          id,
          name: input.AccountName,
          email: input.Email,
          parentId: place.organization.rootId,
          status: 'ACTIVE',
          joinedMethod: 'CREATED',
          joinedAt: call.now,
          administers: [],
          tags,
        })
        attachDefaults(place, id)
        recordJoined(management.id, id, 'CREATED', call)
      }
      // the account exists already, but AWS never reports so at once (behaviour ORG-20)
      return {
        CreateAccountStatus: {
          Id: request.id,
          AccountName: request.accountName,
          State: 'IN_PROGRESS',
          RequestedTimestamp: request.requestedAt,
        },
      }
    },
    event: (input, output) => (output === undefined ? {} : eventNotes(input, output)),
  }),

  CreateGovCloudAccount: within('management', {
    run() {
      throw violates(
        'MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED',
        'Omen has no AWS GovCloud (US): the management account has no associated account there.',
      )
    },
  }),

  DescribeCreateAccountStatus: within('administrators', {
    run(input, { management }) {
      const request = management.table(accountRequests).find(input.CreateAccountRequestId)
      if (request === undefined) throw refuse('CreateAccountStatusNotFoundException')
      return { CreateAccountStatus: statusView(request) }
    },
  }),

  ListCreateAccountStatus: within('administrators', {
    run(input, { management }) {
      const states = new Set(input.States ?? [])
      const requests = [...management.table(accountRequests).values()].filter(
        (request) => states.size === 0 || states.has(stateOf(request)),
      )
      const { items, NextToken } = page(requests, (request) => request.id, input)
      return { CreateAccountStatuses: items.map(statusView), NextToken }
    },
  }),
})

const attempts = 100

/** Returns a number that no account has. */
async function unusedNumber(call: Call): Promise<AccountId> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const id = parseAccountId(accountNumber(call.deps.random))
    assert(id !== undefined, 'an account number has twelve digits')
    if ((await call.deps.directory.find(id)) === undefined) return id
  }
  throw fault('ServiceException', 'No unused account number was found.', 500)
}

/** Returns why no account can have this owner's address; undefined if one can (behaviour ORG-20). */
function failureOf(
  email: string,
  takenInServer: boolean,
  place: Place,
): Organizations.CreateAccountFailureReason | undefined {
  if (!isEmailAddress(email)) return 'INVALID_EMAIL'
  return takenInServer || emailTaken(place, email) ? 'EMAIL_ALREADY_EXISTS' : undefined
}

function emailTaken({ management }: Place, email: string): boolean {
  const lowerEmail = email.toLowerCase()
  for (const account of management.table(organizationAccounts).values()) {
    if (account.email.toLowerCase() === lowerEmail) return true
  }
  return false
}

function makeAccount(
  id: AccountId,
  input: Organizations.CreateAccountRequest,
  roleName: string,
  { management, organization }: Place,
  call: Call,
): void {
  const account = call.deps.directory.create(id)
  account.table(settings).put({
    id: 'settings',
    name: input.AccountName,
    email: input.Email,
    createdAt: call.now,
    managementAccount: management.id,
  })
  accessRole(account, roleName, management.id, call)
  if (organization.featureSet === 'ALL') serviceLinkedRole(account, call)
}

function statusView(request: AccountRequest): Organizations.CreateAccountStatus {
  return {
    Id: request.id,
    AccountName: request.accountName,
    State: stateOf(request),
    RequestedTimestamp: request.requestedAt,
    CompletedTimestamp: request.completedAt,
    AccountId: request.accountId,
    FailureReason: request.failure,
  }
}

/** The trail hides the owner (behaviour ORG-26). */
function eventNotes(
  input: Organizations.CreateAccountRequest,
  { CreateAccountStatus: status }: Organizations.CreateAccountResponse,
) {
  const { Id: id, State: state, RequestedTimestamp: requestedAt = 0 } = status ?? {}
  return {
    requestParameters: {
      tags: (input.Tags ?? []).map(({ Key: key, Value: value }) => ({ key, value })),
      email: hidden,
      accountName: hidden,
      ...(input.RoleName && { roleName: input.RoleName }),
      ...(input.IamUserAccessToBilling && { iamUserAccessToBilling: input.IamUserAccessToBilling }),
    },
    responseElements: {
      createAccountStatus: {
        accountName: hidden,
        state,
        id,
        requestedTimestamp: isoSeconds(requestedAt),
      },
    },
  }
}
