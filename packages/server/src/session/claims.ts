import type { AccountId } from '../base/index.ts'
import type { Tag } from '../directory/index.ts'

/** What every temporary credential carries in its token. Instants are milliseconds since the epoch. */
interface CommonClaims {
  readonly account: AccountId
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly issuedAt: number
  readonly expiresAt: number
  /** When MFA was given, where it was: aws:MultiFactorAuthAge counts from here. */
  readonly mfaAt?: number
  /** Documents of GetScopedCredentials, the oldest first: each must allow, whoever else does. Without it none is scoped. */
  readonly scopes?: readonly string[]
  /** The sign-in that the session comes from: signInSessionArn in events ends with it. */
  readonly signIn?: string
}

/** Session policies: documents given inline, and ARNs of managed policies as they were at the time. */
export interface SessionPolicies {
  readonly inline?: string
  readonly arns: readonly string[]
}

/** Condition keys that an identity provider's assertion brings, with their values. */
export type AssertedKeys = Readonly<Record<string, readonly string[]>>

/** A role session: the avatar that AssumeRole and its like give. */
export interface RoleClaims extends CommonClaims {
  readonly kind: 'role'
  readonly roleId: string
  readonly sessionName: string
  readonly policies?: SessionPolicies
  readonly tags?: readonly Tag[]
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /** How it came to be: by a caller's own key, out of another role session, from a service or an identity provider. */
  readonly origin: 'user' | 'role' | 'service' | 'webIdentity' | 'saml'
  /** The service that wears the role, where one does. */
  readonly service?: string
  /** Condition keys that the service has set for all that is called: which function or instance acts. */
  readonly serviceKeys?: Readonly<Record<string, string>>
  /** The identity provider, for federated sessions, and the condition keys that its assertion brought. */
  readonly federated?: {
    readonly provider: string
    readonly keys: AssertedKeys
  }
  /** The caller's ARN and those before it, first the original one: who really acts. */
  readonly chain: readonly string[]
}

/** GetSessionToken, or a sign-in with a password: the user (or root) again, for a while and perhaps with MFA. */
export interface UserClaims extends CommonClaims {
  readonly kind: 'user'
  /** The user's id, or `root`. */
  readonly userId: string
  /** The long-term key that asked, with which the session ends; a sign-in has none. */
  readonly keyId?: string
}

/** GetFederationToken: a name under a user (or root), cut down by session policies. */
export interface FederatedClaims extends CommonClaims {
  readonly kind: 'federated'
  readonly name: string
  /** The user's id, or `root`. */
  readonly issuerId: string
  readonly policies?: SessionPolicies
  readonly tags?: readonly Tag[]
}

/** AssumeRoot: the root of a member account, for one task. */
export interface AssumedRootClaims extends CommonClaims {
  readonly kind: 'assumedRoot'
  readonly taskPolicyArn: string
  readonly sourceIdentity?: string
  readonly chain: readonly string[]
}

export type SessionClaims = RoleClaims | UserClaims | FederatedClaims | AssumedRootClaims
