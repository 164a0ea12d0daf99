import type { AccountId } from '../base/index.ts'
import type { Role, User } from '../directory/index.ts'
import type { AssumedRootClaims, FederatedClaims, RoleClaims, UserClaims } from './claims.ts'

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
  | ServiceCaller
  | AnonymousCaller

/** Who signed with a key of their own or a session's: everyone but services and nobody. */
export type SignedCaller = Exclude<Caller, ServiceCaller | AnonymousCaller>
