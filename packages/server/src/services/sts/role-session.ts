import type { Call } from '../../authorization/index.ts'
import type { Account, Role, Tag } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import { type RoleClaims, type SessionPolicies, sessionArn } from '../../session/index.ts'
import { credentialsForEvent, type Issued, issue, tokenForEvent } from './issue.ts'

/** The session of a role, for the three operations that begin one. */
export interface NewRoleSession {
  readonly account: Account
  readonly role: Role
  readonly sessionName: string
  readonly seconds: number
  readonly origin: RoleClaims['origin']
  readonly chain: readonly string[]
  readonly policies: SessionPolicies | undefined
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity: string | undefined
  readonly federated?: RoleClaims['federated']
  readonly minimumTokenSize: number | undefined
}

/** The common members of all three answers. */
export interface RoleSession extends Issued {
  readonly AssumedRoleUser: Sts.AssumedRoleUser
  readonly PackedPolicySize?: number
  readonly SourceIdentity?: string
}

/** Begins a session of a role. */
export function beginRoleSession(session: NewRoleSession, call: Call): RoleSession {
  const { account, role, sessionName, policies, tags, transitiveTagKeys, sourceIdentity, federated } = session
  const issued = issue(
    {
      kind: 'role',
      account: account.id,
      roleId: role.id,
      sessionName,
      origin: session.origin,
      issuedAt: call.now,
      expiresAt: call.now + session.seconds * 1000,
      chain: session.chain,
      ...(policies && { policies }),
      ...(tags.length > 0 && { tags }),
      ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      ...(federated && { federated }),
      ...(call.origin.signIn !== undefined && { signIn: call.origin.signIn }),
    },
    session.minimumTokenSize,
    call,
  )
  return {
    ...issued,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: sessionArn(account, role.name, sessionName),
    },
    // present if something was packed beside the session itself (behaviour STS-20)
    ...((policies !== undefined || tags.length > 0) && { PackedPolicySize: issued.SessionTokenUtilization }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  }
}

/** The common part of the event's responseElements. */
export function sessionForEvent(session: RoleSession) {
  const { Credentials, AssumedRoleUser: user, SessionTokenUtilization, SourceIdentity } = session
  return {
    credentials: credentialsForEvent(Credentials),
    assumedRoleUser: { assumedRoleId: user.AssumedRoleId, arn: user.Arn },
    // also where the answer has none (behaviour TRL-95)
    packedPolicySize: SessionTokenUtilization,
    sourceIdentity: SourceIdentity,
    ...tokenForEvent(session),
  }
}

/** The event's resources of an assumed role. */
export function roleForEvent(arn: string, account: string) {
  return { accountId: account, type: 'AWS::IAM::Role', ARN: arn }
}
