import { type Call, signedCaller, wrongCredentials } from '../../authorization/index.ts'
import type { SignedCaller } from '../../session/index.ts'

const defaultSeconds = 43_200
/** Root's sessions last an hour, whatever duration is requested (behaviour STS-32). */
const rootSeconds = 3_600

/**
 * Returns the calling user, or root. @throws Fault AccessDenied for other sessions: a role's after its permission is
 * asked (behaviour STS-72), and all of them in mode off, where no other check refuses them
 */
export function longTermCaller(call: Call): SignedCaller & { readonly kind: 'user' | 'root' } {
  const caller = signedCaller(call)
  if (caller.kind === 'user' || caller.kind === 'root') return caller
  throw wrongCredentials(call.operation.name)
}

/** Returns the duration of credentials that a long-term key requests for itself or for a federated user. */
export function longTermSeconds(asked: number | undefined, caller: SignedCaller): number {
  const seconds = asked ?? defaultSeconds
  return caller.kind === 'root' ? Math.min(seconds, rootSeconds) : seconds
}
