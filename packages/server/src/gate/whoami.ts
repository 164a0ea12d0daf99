import { userIdOf } from '../authorization/index.ts'
import { isoSeconds } from '../base/index.ts'
import type { Tag } from '../directory/index.ts'
import type { SessionPolicies, SignedCaller } from '../session/index.ts'

/** The signer of a request, as far as the server knows. */
export interface WhoAmI {
  readonly kind: SignedCaller['kind']
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly accessKeyId: string
  /** The original caller first, the signer last. */
  readonly chain: readonly string[]
  /** The user of IAM Identity Center behind the session, also of roles after its own. */
  readonly person?: string
  /** The permission set that the role is. */
  readonly permissionSet?: string
  /** The server's time; `session.expiresAt` is relative to it. */
  readonly now: string
  readonly session?: AssumedSession
}

/** The content of the signer's session token. */
export interface AssumedSession {
  readonly issuedAt: string
  readonly expiresAt: string
  /** The assumed role. */
  readonly roleArn?: string
  readonly sessionName?: string
  /** The service that assumes the role, or the identity provider that vouched for it. */
  readonly service?: string
  readonly provider?: string
  readonly mfaAt?: string
  readonly sourceIdentity?: string
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly policies?: SessionPolicies
}

/** Describes a signer: who it is, through which chain, and for how long. */
export function whoAmI(caller: SignedCaller, now: number): WhoAmI {
  return {
    kind: caller.kind,
    account: caller.account,
    arn: caller.arn,
    userId: userIdOf(caller),
    accessKeyId: caller.accessKeyId,
    chain: [...before(caller), caller.arn],
    now: isoSeconds(now),
    ...personBehind(caller),
    ...(caller.session === undefined ? {} : { session: sessionOf(caller, caller.session) }),
  }
}

/** The callers through whom the signer's session was made. */
function before(caller: SignedCaller): readonly string[] {
  switch (caller.kind) {
    case 'role':
    case 'assumedRoot':
      return caller.session.chain
    case 'federated':
      return [caller.issuerArn]
    case 'root':
    case 'user':
      return []
  }
}

/** The person behind a role of IAM Identity Center, and which permission set it is (behaviour SSO-115). */
function personBehind(caller: SignedCaller): Pick<WhoAmI, 'person' | 'permissionSet'> {
  const [, person] =
    /:saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE:(.+)$/s.exec(before(caller)[0] ?? '') ?? []
  if (person === undefined) return {}
  const role = caller.kind === 'role' ? caller.roleArn : ''
  const permissionSet = /\/aws-reserved\/sso\.amazonaws\.com\/.*AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(
    role,
  )?.[1]
  return { person, ...(permissionSet === undefined ? {} : { permissionSet }) }
}

function sessionOf(caller: SignedCaller, session: NonNullable<SignedCaller['session']>): AssumedSession {
  return {
    issuedAt: isoSeconds(session.issuedAt),
    expiresAt: isoSeconds(session.expiresAt),
    ...(session.mfaAt === undefined ? {} : { mfaAt: isoSeconds(session.mfaAt) }),
    ...('sourceIdentity' in session && session.sourceIdentity !== undefined
      ? { sourceIdentity: session.sourceIdentity }
      : {}),
    ...('policies' in session && session.policies !== undefined ? { policies: session.policies } : {}),
    tags: ('tags' in session && session.tags) || [],
    transitiveTagKeys: ('transitiveTagKeys' in session && session.transitiveTagKeys) || [],
    ...(caller.kind === 'role' ? roleOf(caller) : {}),
  }
}

function roleOf({ roleArn, session }: Extract<SignedCaller, { kind: 'role' }>) {
  return {
    roleArn,
    sessionName: session.sessionName,
    ...(session.service === undefined ? {} : { service: session.service }),
    ...(session.federated === undefined ? {} : { provider: session.federated.provider }),
  }
}
