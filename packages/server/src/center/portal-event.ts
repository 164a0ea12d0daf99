import type { Call } from '../authorization/index.ts'
import { uuid } from '../base/index.ts'
import { type CenterCaller, userIdentity } from '../session/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { makeEvent } from '../trail/index.ts'

/** The common members of a portal’s events. */
export interface PortalNotes {
  /** `sso.amazonaws.com`. */
  readonly source: string
  /** The name in the history of events. */
  readonly username: string
  /** Absent if the call succeeded. */
  readonly error?: { readonly code: string; readonly message: string }
  readonly details?: object | undefined
}

/** The event of a person's call with a bearer token, in the account of the instance (behaviour SSO-73). */
export function portalEvent(call: Call, caller: CenterCaller, notes: PortalNotes): StoredEvent {
  const { deps, now, operation, origin, region, id } = call
  return makeEvent({
    account: caller.account,
    id: uuid(deps.random),
    time: now,
    identity: userIdentity(caller),
    username: notes.username,
    source: notes.source,
    name: operation.name,
    region,
    sourceIp: origin.sourceIp,
    userAgent: origin.userAgent,
    ...(notes.error && { error: notes.error }),
    requestParameters: null,
    responseElements: null,
    requestId: id,
    readOnly: operation.name !== 'Logout',
    type: 'AwsServiceEvent',
    ...(notes.details && { serviceEventDetails: { ...notes.details } }),
  })
}
