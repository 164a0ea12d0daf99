import { type AccountId, type ArnOwner, parsePartition } from '../base/index.ts'
import type { Role, Tag, User } from '../directory/index.ts'
import type { AssertedKeys, AssumedRootClaims, FederatedClaims, RoleClaims, UserClaims } from './claims.ts'

/** The account's root user, by its key or by a session of GetSessionToken. */
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
  /** The user whose permissions it reduces; undefined for root. */
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

/** A service that acts in Omen's own name, for example EC2 when it assumes a role. */
export interface ServiceCaller {
  readonly kind: 'service'
  /** The account for which it acts. */
  readonly account: AccountId
  /** `ec2.amazonaws.com`. */
  readonly name: string
  /** All names by which policies may name it, if there are several. */
  readonly names?: readonly string[]
}

/** An identity provider's statement about a subject, after its signature was verified. */
export interface Assertion {
  /** The provider's ARN, or the name of one that every account knows, such as `accounts.google.com`. */
  readonly provider: string
  readonly subject: string
  readonly keys: AssertedKeys
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
}

/** The bearer of a verified web identity token. */
export interface WebIdentityCaller {
  readonly kind: 'webIdentity'
  /** The account of the requested role. */
  readonly account: AccountId
  readonly assertion: Assertion & {
    /** The token's own `iss`, or the name of the OAuth provider. */
    readonly issuer: string
    readonly audience: string
    /** How the identity of the provider's servers was verified, as events show it (behaviour STS-107). */
    readonly proof?: 'IAMTrustStore' | 'Thumbprint'
    /** Whether an ID token names the role (behaviour STS-138); access tokens cannot. */
    readonly isForRole?: boolean
  }
}

/** The bearer of a verified SAML assertion. */
export interface SamlCaller {
  readonly kind: 'saml'
  /** The account of the requested role. */
  readonly account: AccountId
  readonly assertion: Assertion & {
    readonly id: string
    readonly issuer: string
    readonly subjectType: string
    /** The Recipient of the subject confirmation. */
    readonly audience: string
    readonly nameQualifier: string
    readonly sessionName: string
    /** The end of the provider's own session. */
    readonly sessionEndsAt?: number
  }
}

/** A person of a directory of IAM Identity Center, proven by a code or a token of the portal. */
export interface CenterCaller {
  readonly kind: 'center'
  /** The account of the instance. */
  readonly account: AccountId
  readonly userId: string
  readonly userName: string
  readonly storeArn: string
  readonly credentialId: string
}

/** An anonymous caller: an unsigned call to one of the few operations that accept it. */
export interface AnonymousCaller {
  readonly kind: 'anonymous'
  /** The account that the call concerns. */
  readonly account: AccountId
}

/** The caller that signed a call. */
export type Caller =
  | RootCaller
  | UserCaller
  | RoleCaller
  | FederatedCaller
  | AssumedRootCaller
  | WebIdentityCaller
  | SamlCaller
  | ServiceCaller
  | CenterCaller
  | AnonymousCaller

/** A caller that signed with a long-term key or a session's key. */
export type SignedCaller = RootCaller | UserCaller | RoleCaller | FederatedCaller | AssumedRootCaller

/** Returns the partition and account of a caller's own ARNs. */
export function ownerOf({ account, arn }: SignedCaller): ArnOwner {
  return { id: account, partition: parsePartition(arn.split(':', 2)[1] ?? '') ?? 'aws' }
}

/** Returns whether the call was signed: services, bearers of assertions and anonymous callers sign nothing. */
export function isSigned(caller: Caller): caller is SignedCaller {
  switch (caller.kind) {
    case 'service':
    case 'webIdentity':
    case 'saml':
    case 'center':
    case 'anonymous':
      return false
    default:
      return true
  }
}
