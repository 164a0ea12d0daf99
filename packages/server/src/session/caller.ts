import { type AccountId, type ArnOwner, parsePartition } from '../base/index.ts'
import type { Role, Tag, User } from '../directory/index.ts'
import type { AssertedKeys, AssumedRootClaims, FederatedClaims, RoleClaims, UserClaims } from './claims.ts'

/** The account's root user, by its key or by a GetSessionToken session of it. */
export interface RootCaller {
  readonly kind: 'root'
  readonly account: AccountId
  readonly arn: string
  readonly accessKeyId: string
  readonly session?: UserClaims
}

export interface UserCaller {
  readonly kind: 'user'
  readonly account: AccountId
  readonly arn: string
  readonly user: User
  readonly accessKeyId: string
  readonly session?: UserClaims
}

export interface RoleCaller {
  readonly kind: 'role'
  readonly account: AccountId
  /** `arn:aws:sts::…:assumed-role/ROLE/SESSION`. */
  readonly arn: string
  readonly roleArn: string
  readonly role: Role
  readonly accessKeyId: string
  readonly session: RoleClaims
}

export interface FederatedCaller {
  readonly kind: 'federated'
  readonly account: AccountId
  /** `arn:aws:sts::…:federated-user/NAME`. */
  readonly arn: string
  /** The user whose powers it cuts down; undefined for root's. */
  readonly issuer: User | undefined
  readonly issuerArn: string
  readonly accessKeyId: string
  readonly session: FederatedClaims
}

export interface AssumedRootCaller {
  readonly kind: 'assumedRoot'
  readonly account: AccountId
  readonly arn: string
  readonly accessKeyId: string
  readonly session: AssumedRootClaims
}

/** A service that acts in the house's own name, for example EC2 when it puts a role on. */
export interface ServiceCaller {
  readonly kind: 'service'
  /** The account that it acts for. */
  readonly account: AccountId
  /** `ec2.amazonaws.com`. */
  readonly name: string
  /** All names by which policies may name it, if it has more than one. */
  readonly names?: readonly string[]
}

/** What an identity provider says of whom it vouches for, once its signature was verified. */
export interface Assertion {
  /** The provider's ARN, or the name of one that every account knows, such as `accounts.google.com`. */
  readonly provider: string
  readonly subject: string
  readonly keys: AssertedKeys
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
}

/** The bearer of a web identity token that was verified. */
export interface WebIdentityCaller {
  readonly kind: 'webIdentity'
  /** The account of the role that is asked for. */
  readonly account: AccountId
  readonly assertion: Assertion & {
    /** The token's own `iss`, or the name of the OAuth provider. */
    readonly issuer: string
    readonly audience: string
    /** How the provider's servers proved who they are, as events tell it (behaviour STS-107). */
    readonly proof?: 'IAMTrustStore' | 'Thumbprint'
  }
}

/** The bearer of a SAML assertion that was verified. */
export interface SamlCaller {
  readonly kind: 'saml'
  /** The account of the role that is asked for. */
  readonly account: AccountId
  readonly assertion: Assertion & {
    readonly id: string
    readonly issuer: string
    readonly subjectType: string
    /** The Recipient of the subject's confirmation. */
    readonly audience: string
    readonly nameQualifier: string
    readonly sessionName: string
    /** When the provider's own session ends. */
    readonly sessionEndsAt?: number
  }
}

/** Nobody: an unsigned call, to the few operations that take one. */
export interface AnonymousCaller {
  readonly kind: 'anonymous'
  /** The account that the call concerns. */
  readonly account: AccountId
}

/** Who signed a call. */
export type Caller =
  | RootCaller
  | UserCaller
  | RoleCaller
  | FederatedCaller
  | AssumedRootCaller
  | WebIdentityCaller
  | SamlCaller
  | ServiceCaller
  | AnonymousCaller

/** Who signed with a key of their own or a session's. */
export type SignedCaller = RootCaller | UserCaller | RoleCaller | FederatedCaller | AssumedRootCaller

/** Whose ARNs a caller's own account has. */
export function ownerOf({ account, arn }: SignedCaller): ArnOwner {
  return { id: account, partition: parsePartition(arn.split(':', 2)[1] ?? '') ?? 'aws' }
}

/** Whether the call was signed: services, bearers of assertions and nobody sign nothing. */
export function isSigned(caller: Caller): caller is SignedCaller {
  switch (caller.kind) {
    case 'service':
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return false
    default:
      return true
  }
}
