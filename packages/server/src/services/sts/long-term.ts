import { type Call, signedCaller, wrongCredentials } from '../../authorization/index.ts'
import type { SignedCaller } from '../../session/index.ts'

const defaultSeconds = 43_200
/** Root's sessions last an hour, however long was asked for (behaviour STS-32). */
const rootSeconds = 3_600

/**
 * The user, or root, who asks. @throws Fault AccessDenied for other sessions: for a role's, whose permission is asked
 * first (behaviour STS-72), and for all in mode off, where nothing else refuses them
 */
export function longTermCaller(call: Call): SignedCaller & { readonly kind: 'user' | 'root' } {
  const caller = signedCaller(call)
  if (caller.kind === 'user' || caller.kind === 'root') return caller
  throw wrongCredentials(call.operation.name)
}

/** How long credentials live that a long-term key asks for itself or for a federated user. */
export function longTermSeconds(asked: number | undefined, caller: SignedCaller): number {
  const seconds = asked ?? defaultSeconds
  return caller.kind === 'root' ? Math.min(seconds, rootSeconds) : seconds
}
