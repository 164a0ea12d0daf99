import { notAuthorized } from '@omen-iam/policy'
import { type Call, family, signedCaller, userIdOf, wrongCredentials } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'
import type { SessionClaims, UnkeyedClaims } from '../../session/index.ts'
import { credentialsForEvent, issue, tokenForEvent } from './issue.ts'
import { withoutResource } from './no-resource.ts'
import { checkDocument } from './session-policy.ts'

const mostScopes = 3

/** GetScopedCredentials: the calling session with fewer permissions (behaviours STS-73 to STS-77). */
export const scopedCredentials = family<Sts.Operations>()({
  GetScopedCredentials: {
    readOnly: false,
    requests: () => [withoutResource('sts:GetScopedCredentials')],
    run(input, call) {
      const caller = signedCaller(call)
      const { session } = caller
      if (session === undefined) throw wrongCredentials('GetScopedCredentials') // in mode off nothing else did
      const scopes = scopesOf(input, session, call)
      const issued = issue(
        narrowed(session, scopes, expiryOf(input, session, call)),
        input.MinimumSessionTokenSize,
        call,
      )
      return {
        ...issued,
        SessionInfo: { ScopedSessionId: userIdOf(caller), Arn: caller.arn },
        ScopedPoliciesCount: scopes.length,
        ...('sourceIdentity' in session && { SourceIdentity: session.sourceIdentity }),
      }
    },
    event: (_input, output) =>
      output === undefined
        ? {}
        : {
            responseElements: {
              credentials: credentialsForEvent(output.Credentials),
              sessionInfo: {
                scopedSessionId: output.SessionInfo?.ScopedSessionId,
                arn: output.SessionInfo?.Arn,
              },
              scopedPoliciesCount: output.ScopedPoliciesCount,
              ...tokenForEvent(output),
            },
          },
  },
})

function scopesOf(
  input: Sts.GetScopedCredentialsRequest,
  session: SessionClaims,
  call: Call,
): readonly string[] {
  const { scopes = [] } = session
  if (input.Policy === undefined && input.DurationSeconds === undefined) {
    throw fault('ValidationError', 'At least one of Policy or DurationSeconds must be specified.', 400)
  }
  if (input.Policy === undefined) return scopes
  if (scopes.length >= mostScopes) throw tooManyScopes(call)
  checkDocument(input.Policy)
  return [...scopes, input.Policy]
}

/** @throws Fault InsufficientSessionLifetime if it would outlive the calling session */
function expiryOf(input: Sts.GetScopedCredentialsRequest, session: SessionClaims, call: Call): number {
  if (input.DurationSeconds === undefined) return session.expiresAt
  const expiresAt = call.now + input.DurationSeconds * 1000
  if (expiresAt <= session.expiresAt) return expiresAt
  throw fault(
    'InsufficientSessionLifetime',
    'The requested DurationSeconds exceeds the remaining lifetime of the calling session.',
    400,
  )
}

/** The same session: its issue time and MFA are unchanged. */
function narrowed(session: SessionClaims, scopes: readonly string[], expiresAt: number): UnkeyedClaims {
  const { accessKeyId: _, secretAccessKey: __, ...claims } = session
  return { ...claims, expiresAt, scopes }
}

function tooManyScopes(call: Call): Fault {
  return fault(
    'AccessDenied',
    `${notAuthorized(signedCaller(call).arn, 'sts:GetScopedCredentials')} because the session already has ${mostScopes} scope down policies`,
    403,
  )
}
