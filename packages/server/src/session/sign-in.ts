import { factsOf } from '../base/index.ts'
import { type Caller, isSigned, ownerOf } from './caller.ts'
import type { SessionClaims } from './claims.ts'

/** The sign-in that a caller's session comes from: `arn:aws:signin:REGION:ACCOUNT:session/ID` (behaviour SGN-3). */
export function signInSessionArn(caller: Caller): string | undefined {
  if (!isSigned(caller) || caller.session?.signIn === undefined) return undefined
  const { partition } = ownerOf(caller)
  return `arn:${partition}:signin:${factsOf(partition).globalRegion}:${caller.account}:session/${caller.session.signIn}`
}

/** Returns whether the console itself signs with the session: events say so, and not of one that a program has (behaviour SSO-16). */
export function isFromConsole(session: SessionClaims | undefined): boolean {
  return session?.signIn !== undefined && session.byOAuth !== true
}
