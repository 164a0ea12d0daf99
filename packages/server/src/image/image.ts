import type { AccountId, Partition } from '../base/index.ts'
import type { PasswordPolicy, Tag } from '../directory/index.ts'
import type {
  CenterAssignmentImage,
  CenterGroupImage,
  CenterImage,
  CenterMembershipImage,
  CenterUserImage,
  PermissionSetImage,
} from './center-image.ts'
import type { AnchorImage, CertificateProfileImage, PodImage, PoolImage } from './lenders-image.ts'
import type { SourcePlace } from './place.ts'

/**
 * The content of accounts according to a source, independent of any server: read from answers of AWS, from templates
 * or from seeds, and compared with accounts by `compareImage`. A member that is absent means that the source does not
 * say: what an account has there stays as it is. `null` means that the source says that there is nothing.
 */
export interface Image {
  readonly accounts: readonly AccountImage[]
  readonly organization?: OrganizationImage
  /** The parts of the source that the image does not contain, with the reason. */
  readonly notTaken: readonly NotTaken[]
  /** The entities that AWS would not store, or that may surprise. They are in the image nevertheless. */
  readonly findings: readonly ImageFinding[]
  /** Resources under a customer's key of AWS KMS. Templates alone say it: no account keeps it. */
  readonly underKeys?: readonly UnderKeyImage[]
  /** The people and programs that get a role without being a principal of IAM. Templates alone contain them. */
  readonly lent?: readonly LentImage[]
  /** Managed policies that data sources of Terraform have read, by ARN: no account is said to keep them. */
  readonly readPolicies?: ReadonlyMap<string, ManagedPolicyImage>
}

/** A role that a resource gives to people or machines: an assignment, an association, an attachment of a pool. */
export interface LentImage {
  readonly at: SourcePlace
  /** The role's ARN. */
  readonly role: string
  /** In words: `pods of shop/web in cluster prod`. */
  readonly who: string
  /** The holder as a start of paths: `pod/prod/shop/web`; absent if its name is not known. */
  readonly to?: string | undefined
}

/** Something of a source that is not taken. */
export interface NotTaken {
  readonly at: SourcePlace
  readonly account?: AccountId
  /** The kind, in words: `access key`, `AWS::Lambda::Function`. */
  readonly kind: string
  /** Its name, ARN or logical id. */
  readonly name: string
  /** One sentence. */
  readonly reason: string
}

/** Something of a source that a person must know. */
export interface ImageFinding {
  readonly at: SourcePlace
  readonly account?: AccountId
  /** A stable name for scripts: `quota-exceeded`, `invalid-policy`. */
  readonly code: string
  /** One sentence or more. */
  readonly message: string
}

/** One account. */
export interface AccountImage {
  readonly account: AccountId
  readonly partition: Partition
  readonly at: SourcePlace
  readonly name?: string
  readonly email?: string
  /** Milliseconds of Unix time, as every instant of an image. */
  readonly createdAt?: number
  readonly alias?: string | null
  readonly passwordPolicy?: PasswordPolicyImage | null
  readonly users: readonly UserImage[]
  readonly groups: readonly GroupImage[]
  readonly roles: readonly RoleImage[]
  readonly policies: readonly ManagedPolicyImage[]
  readonly instanceProfiles: readonly InstanceProfileImage[]
  readonly oidcProviders: readonly OidcProviderImage[]
  readonly samlProviders: readonly SamlProviderImage[]
  readonly accessKeys: readonly AccessKeyImage[]
  readonly loginProfiles: readonly LoginProfileImage[]
  readonly mfaDevices: readonly MfaDeviceImage[]
  readonly resourcePolicies: readonly ResourcePolicyImage[]
  readonly podAssociations: readonly PodImage[]
  readonly identityPools: readonly PoolImage[]
  readonly trustAnchors: readonly AnchorImage[]
  readonly certificateProfiles: readonly CertificateProfileImage[]
  /** The instance of IAM Identity Center that it owns, and what the instance has. */
  readonly center?: CenterImage
  readonly centerUsers: readonly CenterUserImage[]
  readonly centerGroups: readonly CenterGroupImage[]
  readonly centerMemberships: readonly CenterMembershipImage[]
  readonly permissionSets: readonly PermissionSetImage[]
  readonly centerAssignments: readonly CenterAssignmentImage[]
}

/** The common members of an image's entities. */
export interface ThingImage {
  readonly at: SourcePlace
}

/** An entity with a name that is unique in its account, ignoring case. */
export interface NamedImage extends ThingImage {
  readonly name: string
  /** AWS's unique id (`AROA…`). If absent, an entity of the same name keeps its id, and a new one gets a new id. */
  readonly id?: string
  /** Begins and ends with a slash. */
  readonly path?: string
  readonly createdAt?: number
}

/** A policy document in JSON, as text. */
export interface InlinePolicyImage extends ThingImage {
  readonly name: string
  readonly document: string
}

/** An entity with permissions. */
export interface IdentityImage extends NamedImage {
  /** All inline policies. */
  readonly inline?: readonly InlinePolicyImage[]
  /** ARNs of all attached managed policies, in the order attached. */
  readonly attached?: readonly string[]
  /** Whether the source only adds to it, and does not say what else it has. */
  readonly isPart?: true
}

export interface UserImage extends IdentityImage {
  /** Names of all groups, in the order joined. */
  readonly groups?: readonly string[]
  readonly tags?: readonly Tag[]
  /** The ARN of the permissions boundary. */
  readonly boundaryArn?: string | null
  readonly passwordLastUsed?: number
}

export interface GroupImage extends IdentityImage {}

export interface RoleImage extends IdentityImage {
  /** The trust policy in JSON. Users and roles are in it by ARN, as AWS shows them; those deleted, by their ids. */
  readonly trust?: string
  readonly tags?: readonly Tag[]
  readonly boundaryArn?: string | null
  readonly description?: string | null
  readonly maxSessionSeconds?: number
  readonly lastUsed?: LastUseImage
}

/** The last use of something, and where. */
export interface LastUseImage {
  readonly at: number
  readonly region: string
  /** The signing name of the service: `s3`. AWS does not report it for roles. */
  readonly service?: string
}

export interface ManagedPolicyImage extends NamedImage {
  readonly description?: string
  readonly updatedAt?: number
  /** `v2`. */
  readonly defaultVersion?: string
  /** All versions; any order. A source without versions gives one without an id. */
  readonly versions?: readonly PolicyVersionImage[]
  readonly tags?: readonly Tag[]
}

export interface PolicyVersionImage extends ThingImage {
  /** `v2`. If absent, it becomes a new version and the default one, if no version has this document. */
  readonly id?: string
  readonly document: string
  readonly createdAt?: number
}

export interface InstanceProfileImage extends NamedImage {
  /** The name of its role. */
  readonly role?: string | null
  readonly tags?: readonly Tag[]
}

export interface OidcProviderImage extends ThingImage {
  /** The issuer without `https://`: what follows `oidc-provider/` in the ARN. */
  readonly url: string
  readonly createdAt?: number
  readonly clientIds?: readonly string[]
  readonly thumbprints?: readonly string[]
  readonly tags?: readonly Tag[]
}

export interface SamlProviderImage extends ThingImage {
  readonly name: string
  /** AWS's unique id of it. */
  readonly id?: string
  readonly createdAt?: number
  /** The metadata document in XML. A new provider cannot be made without it. */
  readonly metadata?: string
  readonly validUntil?: number
  readonly tags?: readonly Tag[]
}

/** An access key without its secret: it exists, and no signature with it is valid. */
export interface AccessKeyImage extends ThingImage {
  readonly id: string
  /** The user's name; `null` for the root user. */
  readonly user: string | null
  readonly active: boolean
  readonly createdAt?: number
  readonly lastUsed?: LastUseImage
}

/** A user's console password, without its text. */
export interface LoginProfileImage extends ThingImage {
  readonly user: string
  readonly createdAt?: number
  readonly resetRequired?: boolean
  readonly passwordSetAt?: number
}

/** An MFA device without its seed: no code of it is valid. */
export interface MfaDeviceImage extends ThingImage {
  /** The serial number: an ARN, or of hardware a text. */
  readonly serial: string
  /** The name of the user for whom it is enabled; `null` for the root user; absent if it is not enabled. */
  readonly user?: string | null
  readonly enabledAt?: number
  readonly tags?: readonly Tag[]
}

export interface PasswordPolicyImage extends ThingImage, Omit<PasswordPolicy, 'id'> {}

/** A resource under a key of AWS KMS. */
export interface UnderKeyImage extends ThingImage {
  /** CloudFormation's type. */
  readonly type: string
  readonly arn: string
  /** The ARN of the key, or of an alias of it. */
  readonly key: string
}

/** The policy of a resource that is not IAM's: a bucket, a queue, a key. */
export interface ResourcePolicyImage extends ThingImage {
  /** The ARN of the resource. */
  readonly arn: string
  /** JSON. */
  readonly document: string
}

/** An organization, as its management account sees it. */
export interface OrganizationImage extends ThingImage {
  /** `o-…` */
  readonly id?: string
  readonly managementAccount: AccountId
  readonly managementEmail?: string
  readonly featureSet?: 'ALL' | 'CONSOLIDATED_BILLING'
  /** `r-…` */
  readonly rootId?: string
  /** Policy types that are enabled at the root: `SERVICE_CONTROL_POLICY`. */
  readonly enabledPolicyTypes?: readonly string[]
  /** Services with trusted access to the organization. */
  readonly trustedServices?: readonly ServiceImage[]
  readonly accounts: readonly OrganizationAccountImage[]
  readonly units: readonly OrganizationalUnitImage[]
  readonly policies: readonly OrganizationPolicyImage[]
  readonly attachments: readonly OrganizationAttachmentImage[]
}

/** A service principal, and since when it has what the list says. */
export interface ServiceImage {
  readonly service: string
  readonly since?: number
}

export interface OrganizationAccountImage extends ThingImage {
  readonly account: AccountId
  readonly name?: string
  readonly email?: string
  /** The id of the root or unit. If absent, it is under the root, or stays where it is. */
  readonly parentId?: string
  readonly status?: 'ACTIVE' | 'SUSPENDED'
  readonly joinedMethod?: 'CREATED' | 'INVITED'
  readonly joinedAt?: number
  /** Services for which it is a delegated administrator. */
  readonly administers?: readonly ServiceImage[]
  readonly tags?: readonly Tag[]
}

export interface OrganizationalUnitImage extends ThingImage {
  /** `ou-…` */
  readonly id: string
  readonly name: string
  /** The id of the root or of another unit. */
  readonly parentId?: string
  readonly tags?: readonly Tag[]
}

export interface OrganizationPolicyImage extends ThingImage {
  /** `p-…` */
  readonly id: string
  /** `SERVICE_CONTROL_POLICY`. */
  readonly type: string
  readonly name: string
  readonly description?: string
  /** JSON; AWS's own policies may come without it. */
  readonly content?: string
  readonly awsManaged?: boolean
  readonly tags?: readonly Tag[]
}

/** One policy on one root, unit or account. */
export interface OrganizationAttachmentImage extends ThingImage {
  readonly policyId: string
  /** The id of the root, unit or account. */
  readonly target: string
}

/** An account whose lists can still grow. */
export type GrowingAccount = {
  -readonly [K in keyof AccountImage]: AccountImage[K] extends readonly (infer T)[] ? T[] : AccountImage[K]
}

/** An account of which nothing is known but its number. */
export function emptyAccount(account: AccountId, partition: Partition, at: SourcePlace): GrowingAccount {
  return {
    account,
    partition,
    at,
    users: [],
    groups: [],
    roles: [],
    policies: [],
    instanceProfiles: [],
    oidcProviders: [],
    samlProviders: [],
    accessKeys: [],
    loginProfiles: [],
    mfaDevices: [],
    resourcePolicies: [],
    podAssociations: [],
    identityPools: [],
    trustAnchors: [],
    certificateProfiles: [],
    centerUsers: [],
    centerGroups: [],
    centerMemberships: [],
    permissionSets: [],
    centerAssignments: [],
  }
}

/** An image of nothing. */
export const emptyImage: Image = { accounts: [], notTaken: [], findings: [] }
