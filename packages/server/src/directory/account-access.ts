import type { AccountId } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** The account access manager of an organization, in the account that owns IAM Identity Center. */
export interface AccessApplication {
  /** Sixteen characters. */
  readonly id: string
  readonly region: string
  /** `aa-` and ten characters. */
  readonly tenant: string
  /** The id of the instance whose users and groups get roles. */
  readonly center: string
  /** `apl-` and sixteen characters: its application in IAM Identity Center. */
  readonly centerApplication: string
  readonly tags: readonly Tag[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** A role that a user or a group may wear. */
export interface AccessEntitlement {
  readonly id: string
  readonly type: 'USER' | 'GROUP'
  readonly principal: string
  readonly account: AccountId
  readonly roleArn: string
  readonly createdAt: number
}

export const accessApplications = defineTable<AccessApplication>({
  kind: 'account-access/application',
  key: ({ id }) => id,
})
export const accessEntitlements = defineTable<AccessEntitlement, 'thing'>({
  kind: 'account-access/entitlement',
  key: ({ id }) => id,
  indexes: { thing: entitlementByPrincipal },
  orders: { principal: entitlementByPrincipal, place: entitlementByPlace },
})

/** The most entitlements of an application, and tags (behaviour SSO-178). */
export const accessQuotas = { entitlements: 10_000, tags: 50 } as const

/** The service that assumes the roles, and the name of its trusted access. */
export const accessService = 'account-access.amazonaws.com'

/** The order of principals: who gets which role; a space ends each part, so that no name is the beginning of another. */
export function entitlementByPrincipal({
  type,
  principal,
  account,
  roleArn,
}: Omit<AccessEntitlement, 'id' | 'createdAt'>): string {
  return `${type} ${principal} ${account} ${roleArn} `
}

/** The order of places: where a role is given, and to whom. */
export function entitlementByPlace({ type, principal, account, roleArn }: AccessEntitlement): string {
  return `${account} ${roleArn} ${type} ${principal} `
}

/** Returns the application of an account, if any. */
export function accessApplicationOf(owner: Account): AccessApplication | undefined {
  for (const application of owner.table(accessApplications).values()) return application
  return undefined
}

/** `arn:PARTITION:account-access:REGION:ACCOUNT:application/ID`. */
export function accessApplicationArn(
  { id, region }: Pick<AccessApplication, 'id' | 'region'>,
  owner: Pick<Account, 'id' | 'partition'>,
): string {
  return `arn:${owner.partition}:account-access:${region}:${owner.id}:application/${id}`
}
