export interface RootPrincipal {
  readonly type: 'root'
  readonly arn: string
  readonly account: string
  /** The account's canonical user id, by which S3 names it; absent if it is not known (behaviour POL-190). */
  readonly canonicalId?: string
}

export interface UserPrincipal {
  readonly type: 'user'
  readonly arn: string
  readonly account: string
  /** AIDA…. AWS stores users in trust policies by this id. */
  readonly id?: string
  readonly canonicalId?: string
}

/** A session of a role. If a policy names a role, the caller is a session of it. */
export interface RoleSessionPrincipal {
  readonly type: 'roleSession'
  /** `arn:aws:sts::123456789012:assumed-role/Name/Session` */
  readonly sessionArn: string
  /** With its path: `arn:aws:iam::123456789012:role/path/Name` */
  readonly roleArn: string
  readonly account: string
  /** AROA…. AWS stores roles in trust policies by this id. */
  readonly roleId?: string
  /** SCPs and RCPs do not bind service-linked roles. */
  readonly serviceLinked?: boolean
  readonly canonicalId?: string
}

/** A session of GetFederationToken. */
export interface FederatedUserPrincipal {
  readonly type: 'federatedUser'
  /** `arn:aws:sts::123456789012:federated-user/Name` */
  readonly arn: string
  readonly account: string
  /** The caller of GetFederationToken. */
  readonly parent: UserPrincipal | RootPrincipal
  readonly canonicalId?: string
}

/** The bearer of a web identity token (AssumeRoleWithWebIdentity). */
export interface WebIdentityPrincipal {
  readonly type: 'webIdentity'
  /** Provider ARN, or a built-in name such as `accounts.google.com`. */
  readonly provider: string
}

/** The bearer of a SAML assertion (AssumeRoleWithSAML). */
export interface SamlPrincipal {
  readonly type: 'saml'
  /** `arn:aws:iam::123456789012:saml-provider/Name` */
  readonly provider: string
}

/** A service that acts on its own, with each of its names (`ec2.amazonaws.com`). */
export interface ServicePrincipal {
  readonly type: 'service'
  readonly names: readonly string[]
}

export interface AnonymousPrincipal {
  readonly type: 'anonymous'
}

export type Principal =
  | RootPrincipal
  | UserPrincipal
  | RoleSessionPrincipal
  | FederatedUserPrincipal
  | WebIdentityPrincipal
  | SamlPrincipal
  | ServicePrincipal
  | AnonymousPrincipal
