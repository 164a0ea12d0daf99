import type { AccountId } from '../base/index.ts'
import type { Tag } from '../directory/index.ts'

/** The content of every session token. Instants are milliseconds since the epoch. */
interface CommonClaims {
  readonly account: AccountId
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly issuedAt: number
  readonly expiresAt: number
  /** The time of MFA, if it was used: aws:MultiFactorAuthAge counts from here. */
  readonly mfaAt?: number
  /**
   * Documents of GetScopedCredentials, the oldest first: each must allow, whatever else does. If absent, there is no
   * scope.
   */
  readonly scopes?: readonly string[]
  /** The sign-in that the session comes from: signInSessionArn in events ends with it. */
  readonly signIn?: string
  /** Whether a program has it from the sign-in, by OAuth: policies see aws:SignInSessionArn (behaviour SSO-12). */
  readonly byOAuth?: true
}

/** Session policies: inline documents, and the ARNs of managed policies as of the time of the call. */
export interface SessionPolicies {
  readonly inline?: string
  readonly arns: readonly string[]
}

/** Condition keys from an identity provider's assertion, with their values. */
export type AssertedKeys = Readonly<Record<string, readonly string[]>>

/** A role session, as AssumeRole and its relatives return it. */
export interface RoleClaims extends CommonClaims {
  readonly kind: 'role'
  readonly roleId: string
  readonly sessionName: string
  readonly policies?: SessionPolicies
  readonly tags?: readonly Tag[]
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /**
   * How it was obtained: with a caller's own key, from another role session, from a service or an identity provider.
   */
  readonly origin: 'user' | 'role' | 'service' | 'webIdentity' | 'saml'
  /** The service that uses the role, if any. */
  readonly service?: string
  /** Condition keys that the service sets for all calls: the function or instance that acts. */
  readonly serviceKeys?: Readonly<Record<string, string>>
  /** The identity provider of a federated session, and the condition keys from its assertion. */
  readonly federated?: {
    readonly provider: string
    readonly keys: AssertedKeys
  }
  /** The ARNs of the caller and of those before it, the original one first. */
  readonly chain: readonly string[]
}

/** GetSessionToken, or a sign-in with a password: the same user (or root) for a limited time, perhaps with MFA. */
export interface UserClaims extends CommonClaims {
  readonly kind: 'user'
  /** The user's id, or `root`. */
  readonly userId: string
  /** The long-term key that requested it, with which the session ends; a sign-in has none. */
  readonly keyId?: string
}

/** GetFederationToken: a name under a user (or root), limited by session policies. */
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
