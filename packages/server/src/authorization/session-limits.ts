import { type Fault, fault } from '../base/index.ts'
import { isSigned, type SessionClaims, type SignedCaller } from '../session/index.ts'
import type { Call } from './call.ts'

/** The marks of a session from a sign-in with MFA, and of one to the console. */
const openers = {
  mfa: ({ mfaAt }: SessionClaims) => mfaAt,
  console: ({ signIn }: SessionClaims) => signIn,
}

type Opener = keyof typeof openers

/** Operations that a kind of session cannot call, whatever policies say. */
interface Limit {
  /** The signing name. */
  readonly service: 'iam' | 'sts'
  /** The refused operations, or all operations except these. */
  readonly closed: readonly string[] | { readonly allBut: readonly string[] }
  /** The openers that permit them again: MFA, or a session from a console sign-in. */
  readonly openedBy?: readonly Opener[]
}

/** Kinds of credentials that these limits distinguish. */
type CredentialKind = 'longTerm' | 'user' | 'role' | 'federated' | 'assumedRoot'

const everything = { allBut: [] }

/** Behaviours POL-059 to POL-063, STS-70. */
const limits: Readonly<Record<CredentialKind, readonly Limit[]>> = {
  longTerm: [{ service: 'sts', closed: ['GetScopedCredentials'] }],
  user: [
    { service: 'iam', closed: everything, openedBy: ['mfa', 'console'] },
    {
      service: 'sts',
      closed: {
        allBut: [
          'AssumeRole',
          'GetCallerIdentity',
          'GetScopedCredentials',
          'GetWebIdentityToken',
          'GetDelegatedAccessToken',
        ],
      },
    },
  ],
  // GetFederationToken also refuses, after its permission is asked (behaviour STS-72)
  role: [{ service: 'sts', closed: ['GetSessionToken'] }],
  federated: [
    { service: 'iam', closed: everything, openedBy: ['console'] },
    {
      service: 'sts',
      closed: { allBut: ['GetCallerIdentity', 'GetScopedCredentials', 'GetDelegatedAccessToken'] },
    },
  ],
  assumedRoot: [
    {
      service: 'sts',
      closed: ['AssumeRole', 'AssumeRoot', 'GetFederationToken', 'GetSessionToken', 'GetWebIdentityToken'],
    },
  ],
}

/** The refusal of each service (behaviours STS-71 and STS-72). */
const refusals: Readonly<Record<Limit['service'], (operation: string) => Fault>> = {
  iam: () => fault('InvalidClientTokenId', 'The security token included in the request is invalid.', 403),
  sts: wrongCredentials,
}

/** STS's refusal of credentials that an operation does not accept, independent of permissions (behaviour STS-72). */
export function wrongCredentials(operation: string): Fault {
  const kind = operation === 'GetScopedCredentials' ? 'long-term' : 'session'
  return fault('AccessDenied', `Cannot call ${operation} with ${kind} credentials`, 403)
}

/** @throws Fault if the caller's kind of session may not make this call at all */
export function refuseBySession({ caller, service, operation }: Call): void {
  if (!isSigned(caller)) return
  for (const limit of limits[kindOf(caller)]) {
    if (
      limit.service === service.signingName &&
      isClosed(limit, operation.name) &&
      !isOpened(limit, caller)
    ) {
      throw refusals[limit.service](operation.name)
    }
  }
}

function kindOf(caller: SignedCaller): CredentialKind {
  return caller.session === undefined ? 'longTerm' : caller.session.kind
}

function isClosed({ closed }: Limit, operation: string): boolean {
  return 'allBut' in closed ? !closed.allBut.includes(operation) : closed.includes(operation)
}

function isOpened({ openedBy = [] }: Limit, { session }: SignedCaller): boolean {
  return openedBy.some((opener) => openers[opener](session!) !== undefined) // no limit of long-term keys is opened
}
