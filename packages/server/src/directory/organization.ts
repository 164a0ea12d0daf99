import type { AccountId, Partition } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** Kinds of policies that decide what is allowed. */
export type AuthorizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

/** Kinds of policies that configure services in accounts; they affect no decision. */
export type ManagementPolicyType =
  | 'TAG_POLICY'
  | 'BACKUP_POLICY'
  | 'AISERVICES_OPT_OUT_POLICY'
  | 'CHATBOT_POLICY'
  | 'DECLARATIVE_POLICY_EC2'
  | 'SECURITYHUB_POLICY'
  | 'SECURITYHUB_CSPM_POLICY'
  | 'INSPECTOR_POLICY'
  | 'UPGRADE_ROLLOUT_POLICY'
  | 'BEDROCK_POLICY'
  | 'S3_POLICY'
  | 'NETWORK_SECURITY_DIRECTOR_POLICY'
  | 'GUARDDUTY_POLICY'

/** Kinds of policies that an organization attaches. */
export type OrganizationPolicyType = AuthorizationPolicyType | ManagementPolicyType

/** The organization itself; its management account holds it. */
export interface Organization {
  /** `o-` and ten characters. */
  readonly id: string
  /** `r-` and four characters. */
  readonly rootId: string
  readonly rootTags: readonly Tag[]
  readonly managementAccount: AccountId
  /** The partition of its accounts. Default: `aws`. */
  readonly partition?: Partition
  readonly managementEmail: string
  readonly featureSet: 'ALL' | 'CONSOLIDATED_BILLING'
  /** Policy types enabled at the root, in the order enabled. */
  readonly enabledPolicyTypes: readonly OrganizationPolicyType[]
  /** Services with trusted access, in the order enabled. */
  readonly trustedServices: readonly ServiceSince[]
  /** The members that may manage the organization's policies; one at most. */
  readonly resourcePolicy?: OrganizationResourcePolicy
  readonly createdAt: number
}

/** A service principal, and the time since when it has this role. */
export interface ServiceSince {
  readonly service: string
  readonly since: number
}

/** Returns whether an organization lets a service into its accounts; without an organization, none. */
export function trustsService(organization: Organization | undefined, service: string): boolean {
  return organization?.trustedServices.some((each) => each.service === service) === true
}

export interface OrganizationResourcePolicy {
  /** `rp-` and eight characters. */
  readonly id: string
  readonly content: string
  readonly tags: readonly Tag[]
}

export interface OrganizationalUnit {
  /** `ou-`, the root's four characters, and eight more. */
  readonly id: string
  readonly name: string
  /** The id of the root or of another unit. */
  readonly parentId: string
  readonly tags: readonly Tag[]
}

/** An account as its organization sees it. The management account has such a record too. */
export interface OrganizationAccount {
  readonly id: AccountId
  readonly name: string
  readonly email: string
  readonly parentId: string
  readonly status: 'ACTIVE' | 'SUSPENDED'
  readonly joinedMethod: 'CREATED' | 'INVITED'
  readonly joinedAt: number
  /** The time of its last move. */
  readonly movedAt?: number
  /** The time of its closing. */
  readonly closedAt?: number
  /** Services for which it is a delegated administrator, in the order registered. */
  readonly administers: readonly ServiceSince[]
  readonly tags: readonly Tag[]
}

export interface OrganizationPolicy {
  /** `p-` and eight characters; AWS's own are `p-FullAWSAccess` and `p-RCPFullAWSAccess`. */
  readonly id: string
  readonly type: OrganizationPolicyType
  readonly name: string
  readonly description: string
  readonly content: string
  readonly awsManaged: boolean
  readonly tags: readonly Tag[]
  /** The time of the last change of its content; policies of earlier versions have none. */
  readonly updatedAt?: number
}

/** The policies attached to one root, unit or account. */
export interface OrganizationAttachments {
  readonly target: string
  /** Ids of policies, in the order attached. RCPFullAWSAccess is attached everywhere and is not listed. */
  readonly policies: readonly string[]
  /** The time when a management policy was last attached or detached here. */
  readonly managedAt?: number
}

export const organizations = defineTable<Organization>({
  kind: 'organizations/organization',
  key: (r) => r.id,
  affectsPolicies: true,
})
export const organizationalUnits = defineTable<OrganizationalUnit, 'name'>({
  kind: 'organizations/unit',
  key: (r) => r.id,
  // unique among the units of a parent
  indexes: { name: (r) => `${r.parentId}\n${r.name}` },
  affectsPolicies: true,
})
export const organizationAccounts = defineTable<OrganizationAccount>({
  kind: 'organizations/account',
  key: (r) => r.id,
  affectsPolicies: true,
})
export const organizationPolicies = defineTable<OrganizationPolicy, 'name'>({
  kind: 'organizations/policy',
  key: (r) => r.id,
  // unique among the policies of a type
  indexes: { name: (r) => `${r.type}\n${r.name}` },
  affectsPolicies: true,
})
export const organizationAttachments = defineTable<OrganizationAttachments>({
  kind: 'organizations/attachments',
  key: (r) => r.target,
  affectsPolicies: true,
})

/** Returns the organization that this account manages, if any. */
export function organizationOf(management: Account): Organization | undefined {
  for (const organization of management.table(organizations).values()) return organization
  return undefined
}

/**
 * Returns the ids from the organization's root to an entity, along which policies are attached. Empty if the entity is
 * not in the tree.
 */
export function pathToRoot(management: Account, entityId: string): readonly string[] {
  const organization = organizationOf(management)
  if (organization === undefined) return []
  const path: string[] = []
  // a tree is at most five units deep; the limit guards against a damaged store
  for (let id: string | undefined = entityId; id !== undefined && path.length < 16; ) {
    path.unshift(id)
    if (id === organization.rootId) return path
    id =
      management.table(organizationAccounts).find(id)?.parentId ??
      management.table(organizationalUnits).find(id)?.parentId
  }
  return []
}

/** Returns the policies of one type that are attached to a root, unit or account directly, in the order attached. */
export function attachedPolicies(
  management: Account,
  target: string,
  type: OrganizationPolicyType,
): readonly OrganizationPolicy[] {
  const attached: OrganizationPolicy[] = []
  for (const id of management.table(organizationAttachments).find(target)?.policies ?? []) {
    const policy = management.table(organizationPolicies).find(id)
    if (policy?.type === type) attached.push(policy)
  }
  return attached
}

/**
 * `arn:PARTITION:organizations::MANAGEMENT:policy/o-…/service_control_policy/p-…`; AWS's own have `aws` as the
 * account.
 */
export function organizationPolicyArn(organization: Organization, policy: OrganizationPolicy): string {
  const type = policy.type.toLowerCase()
  return policy.awsManaged
    ? `arn:${organization.partition ?? 'aws'}:organizations::aws:policy/${type}/${policy.id}`
    : organizationArn(organization, 'policy', `${type}/${policy.id}`)
}

/** `arn:PARTITION:organizations::MANAGEMENT:KIND/o-…/REST`. */
export function organizationArn(
  organization: Organization,
  kind: 'account' | 'handshake' | 'ou' | 'policy' | 'resourcepolicy' | 'root' | 'transfer',
  rest: string,
): string {
  const { id, managementAccount, partition = 'aws' } = organization
  return `arn:${partition}:organizations::${managementAccount}:${kind}/${id}/${rest}`
}

/**
 * Returns the value of aws:PrincipalOrgPaths and aws:ResourceOrgPaths: `o-…/r-…/ou-…/`, without the account itself.
 */
export function organizationPath(management: Account, account: AccountId): string | undefined {
  const organization = organizationOf(management)
  const path = pathToRoot(management, account)
  return organization === undefined || path.length === 0
    ? undefined
    : `${[organization.id, ...path.slice(0, -1)].join('/')}/`
}
