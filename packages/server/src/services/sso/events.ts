import type { Call } from '../../authorization/index.ts'
import { uuid } from '../../base/index.ts'
import { type CenterCaller, userIdentity } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import { makeEvent } from '../../trail/index.ts'

/** The event of a call to the portal, in the account of the instance (behaviour SSO-73). */
export function portalEvent(
  call: Call,
  caller: CenterCaller,
  succeeded: boolean,
  details: object | undefined,
): StoredEvent {
  const { deps, now, operation, origin, region, id } = call
  return makeEvent({
    account: caller.account,
    id: uuid(deps.random),
    time: now,
    identity: userIdentity(caller),
    username: caller.userName,
    source: 'sso.amazonaws.com',
    name: operation.name,
    region,
    sourceIp: origin.sourceIp,
    userAgent: origin.userAgent,
    ...(succeeded ? {} : { error: { code: 'ForbiddenException', message: 'No access' } }),
    requestParameters: null,
    responseElements: null,
    requestId: id,
    readOnly: operation.name !== 'Logout',
    type: 'AwsServiceEvent',
    ...(details && { serviceEventDetails: { ...details } }),
  })
}
