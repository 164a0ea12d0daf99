import type { AccountId } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** Kinds of policies that an organization attaches. */
export type OrganizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

/** The organization itself; it stands in its management account. */
export interface Organization {
  /** `o-` and ten characters. */
  readonly id: string
  readonly rootId: string
  readonly managementAccount: AccountId
  readonly managementEmail: string
  readonly featureSet: 'ALL' | 'CONSOLIDATED_BILLING'
  /** Policy types enabled at the root. */
  readonly enabledPolicyTypes: readonly OrganizationPolicyType[]
  readonly createdAt: number
}

export interface OrganizationalUnit {
  readonly id: string
  readonly name: string
  /** The root's id or another unit's. */
  readonly parentId: string
  readonly tags: readonly Tag[]
}

export interface OrganizationAccount {
  readonly id: AccountId
  readonly name: string
  readonly email: string
  readonly parentId: string
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE'
  readonly joinedMethod: 'CREATED' | 'INVITED'
  readonly joinedAt: number
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
  /** Ids of roots, units and accounts that it is attached to, in the order attached. */
  readonly targets: readonly string[]
  readonly tags: readonly Tag[]
}

export const organizations = defineTable<Organization>({
  kind: 'organizations/organization',
  key: (r) => r.id,
  affectsPolicies: true,
}) // prettier-ignore
export const organizationalUnits = defineTable<OrganizationalUnit>({
  kind: 'organizations/unit',
  key: (r) => r.id,
  affectsPolicies: true,
}) // prettier-ignore
export const organizationAccounts = defineTable<OrganizationAccount>({
  kind: 'organizations/account',
  key: (r) => r.id,
  affectsPolicies: true,
}) // prettier-ignore
export const organizationPolicies = defineTable<OrganizationPolicy>({
  kind: 'organizations/policy',
  key: (r) => r.id,
  affectsPolicies: true,
}) // prettier-ignore

/** The organization that this account manages, if it manages one. */
export function organizationOf(management: Account): Organization | undefined {
  for (const organization of management.table(organizations).values()) return organization
  return undefined
}

/** An entity's ids from the organization's root down to it: what policies are attached along. Empty where it is not in the tree. */
export function pathToRoot(management: Account, entityId: string): readonly string[] {
  const organization = organizationOf(management)
  if (organization === undefined) return []
  const path: string[] = []
  // a tree is at most five units deep; the bound only guards against a damaged store
  for (let id: string | undefined = entityId; id !== undefined && path.length < 16; ) {
    path.unshift(id)
    if (id === organization.rootId) return path
    id =
      management.table(organizationAccounts).find(id)?.parentId ??
      management.table(organizationalUnits).find(id)?.parentId
  }
  return []
}

/** `arn:aws:organizations::MANAGEMENT:policy/o-…/service_control_policy/p-…`; AWS's own stand under `aws`. */
export function organizationPolicyArn(organization: Organization, policy: OrganizationPolicy): string {
  const type = policy.type.toLowerCase()
  return policy.awsManaged
    ? `arn:aws:organizations::aws:policy/${type}/${policy.id}`
    : `arn:aws:organizations::${organization.managementAccount}:policy/${organization.id}/${type}/${policy.id}`
}
