import type { Call, EventNotes, ServiceEvent } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { eventDate } from '../../trail/index.ts'
import type { AccountRequest } from './records.ts'
import { stateOf } from './view.ts'

/** What Organizations has to tell of each call, until its event is written. */
const told = new WeakMap<Call, ServiceEvent[]>()

/** What stands in the trail for an account's name and its owner's address (behaviour ORG-26). */
export const hidden = '****'

/** Notes for a call's event: the service events that its `run` brought about. */
export function toldOf(call: Call): Pick<EventNotes, 'tells'> {
  const tells = told.get(call)
  return tells === undefined ? {} : { tells }
}

/** What came of CreateAccount (behaviour ORG-27). */
export function tellCreated(management: AccountId, request: AccountRequest, call: Call): void {
  const { id, accountId, failure: failureReason } = request
  const createAccountStatus = {
    id,
    state: stateOf(request),
    accountName: hidden,
    ...(failureReason === undefined ? { accountId } : { failureReason }),
    requestedTimestamp: date(request.requestedAt),
    completedTimestamp: date(request.completedAt),
  }
  tell(management, 'CreateAccountResult', { createAccountStatus }, call)
}

/** An account was closed (behaviour ORG-27). */
export function tellClosed(management: AccountId, accountId: AccountId, call: Call): void {
  const now = date(call.now)
  const closeAccountStatus = {
    accountId,
    state: 'SUCCEEDED',
    requestedTimestamp: now,
    completedTimestamp: now,
  }
  tell(management, 'CloseAccountResult', { closeAccountStatus }, call)
}

/** An account became a member, or founded the organization (behaviour ORG-28). */
export function tellJoined(
  management: AccountId,
  accountId: AccountId,
  joinedMethod: 'CREATED' | 'INVITED',
  call: Call,
): void {
  const details = { accountId, joinedMethod, joinedTime: date(call.now) }
  tell(management, 'AccountJoinedOrganization', details, call)
}

/** An account is no member any more (behaviour ORG-28). */
export function tellDeparted(
  management: AccountId,
  accountId: AccountId,
  departureMethod: 'LEFT' | 'REMOVED',
  call: Call,
): void {
  const details = { accountId, departureMethod, departureTime: date(call.now) }
  tell(management, 'AccountDepartedOrganization', details, call)
}

function tell(account: AccountId, name: string, details: ServiceEvent['details'], call: Call): void {
  const events = told.get(call) ?? []
  events.push({ account, name, details })
  told.set(call, events)
}

function date(milliseconds: number): string {
  return eventDate(milliseconds, 'organizations')
}
