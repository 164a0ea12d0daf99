import type { Call } from '../../authorization/index.ts'
import { portalEvent } from '../../center/index.ts'
import type { CenterCaller } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'

const refused = { code: 'ForbiddenException', message: 'No access' } as const

/** The event of a call to the access portal. */
export function ssoEvent(
  call: Call,
  caller: CenterCaller,
  succeeded: boolean,
  details: object | undefined,
): StoredEvent {
  return portalEvent(call, caller, {
    source: 'sso.amazonaws.com',
    username: caller.userName,
    ...(succeeded ? {} : { error: refused }),
    details,
  })
}
