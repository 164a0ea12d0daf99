import type { Call, EventNotes, ServiceEvent } from '../../authorization/index.ts'
import { type AccountId, isoSeconds } from '../../base/index.ts'
import type { ManagementPolicyType, OrganizationAccount } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import type { Place } from './place.ts'
import type { AccountRequest } from './records.ts'
import { accountView, stateOf } from './view.ts'

/** The service events of each call, until its own event is written. */
const recorded = new WeakMap<Call, ServiceEvent[]>()

/** The text that replaces an account's name and its owner's address in the trail (behaviour ORG-26). */
export const hidden = '****'

/** Records the service events that a call's `run` caused. */
export function serviceEventsOf(call: Call): Pick<EventNotes, 'serviceEvents'> {
  const serviceEvents = recorded.get(call)
  return serviceEvents === undefined ? {} : { serviceEvents }
}

/** The outcome of CreateAccount (behaviour ORG-27). */
export function recordCreated(management: AccountId, request: AccountRequest, call: Call): void {
  const { id, accountId, failure: failureReason } = request
  const createAccountStatus = {
    id,
    state: stateOf(request),
    accountName: hidden,
    ...(failureReason === undefined ? { accountId } : { failureReason }),
    requestedTimestamp: isoSeconds(request.requestedAt),
    completedTimestamp: isoSeconds(request.completedAt),
  }
  record(management, 'CreateAccountResult', { createAccountStatus }, call)
}

/** An account was closed (behaviour ORG-27). */
export function recordClosed(management: AccountId, accountId: AccountId, call: Call): void {
  const now = isoSeconds(call.now)
  const closeAccountStatus = {
    accountId,
    state: 'SUCCEEDED',
    requestedTimestamp: now,
    completedTimestamp: now,
  }
  record(management, 'CloseAccountResult', { closeAccountStatus }, call)
}

/** An account became a member, or founded the organization (behaviour ORG-28). */
export function recordJoined(
  management: AccountId,
  accountId: AccountId,
  joinedMethod: 'CREATED' | 'INVITED',
  call: Call,
): void {
  const details = { accountId, joinedMethod, joinedTime: isoSeconds(call.now) }
  record(management, 'AccountJoinedOrganization', details, call)
}

/** An account is no longer a member (behaviour ORG-28). */
export function recordDeparted(
  management: AccountId,
  accountId: AccountId,
  departureMethod: 'LEFT' | 'REMOVED',
  call: Call,
): void {
  const details = { accountId, departureMethod, departureTime: isoSeconds(call.now) }
  record(management, 'AccountDepartedOrganization', details, call)
}

/** A change made an account's effective policy invalid, or valid again; it then has no errors (behaviour ORG-98). */
export function recordValidity(
  place: Place,
  account: OrganizationAccount,
  policyType: ManagementPolicyType,
  errors: readonly Organizations.EffectivePolicyValidationError[],
  call: Call,
): void {
  const now = isoSeconds(call.now)
  const validationErrors = errors.map((error) => ({
    accountPath: accountView(place, account).Paths?.[0],
    evaluationTimestamp: now,
    errorCode: error.ErrorCode,
    errorMessage: error.ErrorMessage,
    pathToError: error.PathToError,
    contributingPolicies: error.ContributingPolicies,
  }))
  const valid = errors.length === 0
  const details = {
    accountId: account.id,
    policyType,
    state: valid ? 'VALID' : 'INVALID',
    requestTimestamp: now,
    info: valid
      ? 'Previous effective policy validation error(s) resolved for this account/policyType'
      : 'All validation errors listed',
    ...(valid ? {} : { validationErrors }),
  }
  const name = 'EffectivePolicyValidation'
  note({ account: place.management.id, name, by: 'AWS Internal', readOnly: true, details }, call)
}

function record(account: AccountId, name: string, details: ServiceEvent['details'], call: Call): void {
  note({ account, name, details }, call)
}

function note(event: ServiceEvent, call: Call): void {
  const events = recorded.get(call) ?? []
  events.push(event)
  recorded.set(call, events)
}
