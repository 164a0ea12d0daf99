import { type Caller, isSigned } from './caller.ts'

/** The sign-in that a caller's session comes from: `arn:aws:signin:REGION:ACCOUNT:session/ID` (behaviour SGN-3). */
export function signInSessionArn(caller: Caller): string | undefined {
  const session = isSigned(caller) ? caller.session : undefined
  return session?.signIn === undefined
    ? undefined
    : `arn:aws:signin:us-east-1:${caller.account}:session/${session.signIn}`
}
