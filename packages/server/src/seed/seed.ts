/** A policy document as an object, or the path of a file that holds one (JSON or YAML, relative to the seed file). */
export type SeedDocument = string | { readonly Statement: unknown; readonly [element: string]: unknown }

/**
 * A policy of a user, group or role: the name of a policy of the seed or of AWS, an ARN, the path of a file (`./dev.json`,
 * which becomes an inline policy of that name), or an inline document.
 */
export type SeedPolicyOf = string | SeedDocument | { readonly name: string; readonly document: SeedDocument }

/** Tags by key. */
export type SeedTags = Readonly<Record<string, string>>

export interface SeedGroup {
  readonly path?: string
  readonly policies?: readonly SeedPolicyOf[]
}

export interface SeedUser {
  readonly path?: string
  readonly tags?: SeedTags
  /** Names of groups. */
  readonly groups?: readonly string[]
  readonly policies?: readonly SeedPolicyOf[]
  /** A managed policy, by name or ARN. */
  readonly boundary?: string
  /** For the sign-in. */
  readonly password?: string
}

export interface SeedRole {
  readonly path?: string
  readonly description?: string
  readonly tags?: SeedTags
  /**
   * The principals that may assume the role: the trust policy, or a short form: `user/dev`, `role/ci`, `ec2.amazonaws.com`, an
   * account's number or an ARN, and lists of them.
   */
  readonly trust: string | readonly string[] | SeedDocument
  readonly policies?: readonly SeedPolicyOf[]
  readonly boundary?: string
  readonly maxSessionSeconds?: number
  /** An instance profile of the role's name is made as well. */
  readonly instanceProfile?: boolean
}

export interface SeedManagedPolicy {
  readonly document: SeedDocument
  readonly path?: string
  readonly description?: string
  readonly tags?: SeedTags
}

/** An OpenID Connect provider. */
export interface SeedOidcProvider {
  /** The audiences that its tokens may have. */
  readonly clientIds?: readonly string[]
  readonly thumbprints?: readonly string[]
  readonly tags?: SeedTags
}

/** The content of an account, by name. */
export interface SeedAccount {
  readonly alias?: string
  readonly policies?: Readonly<Record<string, SeedDocument | SeedManagedPolicy>>
  readonly groups?: Readonly<Record<string, SeedGroup | null>>
  readonly users?: Readonly<Record<string, SeedUser | null>>
  readonly roles?: Readonly<Record<string, SeedRole>>
  /** By the issuer's URL without `https://`. */
  readonly oidcProviders?: Readonly<Record<string, SeedOidcProvider | null>>
  /** Policies of resources that Omen does not keep, such as buckets, by ARN. Questions about them use these policies. */
  readonly resources?: Readonly<Record<string, SeedDocument>>
  /** Roles of the pods of clusters. */
  readonly pods?: readonly SeedPod[]
  readonly identityPools?: Readonly<Record<string, SeedIdentityPool | null>>
  readonly trustAnchors?: Readonly<Record<string, SeedTrustAnchor>>
  /** Profiles of IAM Roles Anywhere. */
  readonly certificateProfiles?: Readonly<Record<string, SeedCertificateProfile>>
}

/** Where something of one region is, and its tags. */
interface SeedRegional {
  /** Default: the partition's global one. */
  readonly region?: string
  readonly tags?: SeedTags
}

/** The role of the pods of a service account. */
export interface SeedPod extends SeedRegional {
  readonly cluster: string
  readonly namespace: string
  readonly serviceAccount: string
  /** A role of the seed, by name, or its ARN; as everywhere below. */
  readonly role: string
}

export interface SeedIdentityPool extends SeedRegional {
  readonly authenticated?: string
  readonly unauthenticated?: string
  /** Whether users without a login are let in. */
  readonly guests?: boolean
  /** Whether the classic flow is allowed. */
  readonly classic?: boolean
  /** Providers of the seed, by URL without `https://`. */
  readonly oidcProviders?: readonly string[]
  /** The name of the own backend as a provider. */
  readonly developerProvider?: string
}

export interface SeedTrustAnchor extends SeedRegional {
  /** The authority's certificates in PEM. */
  readonly certificate: string
}

/** Roles that holders of certificates may wear. */
export interface SeedCertificateProfile extends SeedRegional {
  readonly roles: readonly string[]
  /** Seconds of a session. */
  readonly session?: number
}

/** A further account of the server. */
export interface SeedOtherAccount extends SeedAccount {
  readonly name?: string
  readonly email?: string
}

/** A root or an organizational unit. */
export interface SeedUnit {
  /** Numbers of accounts: keys of `accounts`. */
  readonly accounts?: readonly string[]
  /** Service control policies by name. */
  readonly scp?: Readonly<Record<string, SeedDocument>>
  /** Resource control policies by name. */
  readonly rcp?: Readonly<Record<string, SeedDocument>>
  /** Units below, by name. */
  readonly units?: Readonly<Record<string, SeedUnit | null>>
}

/** A user of a directory of IAM Identity Center. */
export interface SeedCenterUser {
  /** Given name and family name. */
  readonly name?: readonly string[]
  readonly email?: string
  readonly password?: string
  /** Names of groups. */
  readonly groups?: readonly string[]
  /** Further attributes by their paths: `title`, `userType`. */
  readonly attributes?: Readonly<Record<string, string>>
}

export interface SeedPermissionSet {
  readonly description?: string
  /** Policies of AWS, by name or ARN. */
  readonly managed?: readonly string[]
  /** Policies that each account has: `audit`, `/team/audit`. */
  readonly customerManaged?: readonly string[]
  readonly inline?: SeedDocument
  /** A policy of AWS by its ARN, or one that each account has. */
  readonly boundary?: string
  /** `PT4H`. */
  readonly session?: string
  readonly relayState?: string
  readonly tags?: SeedTags
}

/** A permission set lent to a user or a group in accounts. */
export interface SeedAssignment {
  readonly user?: string
  readonly group?: string
  readonly set: string
  /** Numbers of accounts, or `all`: every active member but the management account. */
  readonly accounts: 'all' | readonly string[]
}

/** A role that a user or a group gets by the account access manager. */
export interface SeedEntitlement {
  readonly user?: string
  readonly group?: string
  /** A role of the first account, by name, or the ARN of one. */
  readonly role: string
}

/** An instance of IAM Identity Center of the organization, with its directory. */
export interface SeedCenter {
  /** Default: that of global services. */
  readonly region?: string
  readonly groups?: Readonly<Record<string, { readonly description?: string } | null>>
  readonly users?: Readonly<Record<string, SeedCenterUser | null>>
  /** Session tags, each with the path of the attribute that it comes from. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly permissionSets?: Readonly<Record<string, SeedPermissionSet | null>>
  readonly assignments?: readonly SeedAssignment[]
  /** Roles by the account access manager, which is enabled if there are some. */
  readonly entitlements?: readonly SeedEntitlement[]
}

/**
 * Users, roles and policies that a server begins with. The first account is the organization's management account.
 */
export interface Seed extends SeedAccount {
  /** Further accounts by their numbers. */
  readonly accounts?: Readonly<Record<string, SeedOtherAccount | null>>
  readonly organization?: SeedUnit
  readonly identityCenter?: SeedCenter
}
