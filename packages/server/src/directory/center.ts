import { type AccountId, isOfPeople } from '../base/index.ts'
import type { Item } from '../store/index.ts'
import type { Account } from './account.ts'
import { accessEntitlements } from './account-access.ts'
import { loginProfiles } from './logins.ts'
import { centerMfaDevices } from './mfa.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** An instance of IAM Identity Center, in the account that owns it. */
export interface Center {
  /** `ssoins-` and sixteen characters. */
  readonly id: string
  /** `d-` and ten characters. */
  readonly storeId: string
  readonly owner: AccountId
  /** Whether it is of an organization, with permission sets, or of one account. */
  readonly kind: 'organization' | 'account'
  readonly region: string
  readonly name?: string
  readonly createdAt: number
  readonly tags: readonly Tag[]
  /** Attributes for access control: a session tag, and the paths that it comes from. */
  readonly attributes?: readonly CenterAttribute[]
}

export interface CenterAttribute {
  readonly key: string
  readonly sources: readonly string[]
}

/** A user of a directory. */
export interface CenterUser {
  /** Ten characters of the store's id, a hyphen and a UUID. */
  readonly id: string
  readonly userName: string
  /** The other members of the API's user, as given. */
  readonly given: Readonly<Record<string, unknown>>
  readonly enabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

export interface CenterGroup {
  readonly id: string
  readonly displayName: string
  readonly description?: string
  readonly createdAt: number
  readonly updatedAt: number
}

export interface CenterMembership {
  readonly id: string
  readonly group: string
  readonly user: string
  readonly createdAt: number
}

/** A user or group that was deleted, or all: memberships are deleted some at a time. */
export interface CenterLeaving {
  readonly id: string
  readonly by: 'user' | 'group' | 'all'
}

/** A policy of a member account, by its name. */
export interface PolicyReference {
  readonly name: string
  readonly path: string
}

export interface PermissionSet {
  /** `ps-` and sixteen characters. */
  readonly id: string
  readonly name: string
  readonly description?: string
  /** As given: `PT1H`. */
  readonly duration: string
  readonly relayState?: string
  readonly createdAt: number
  readonly inline?: string
  /** ARNs of policies of AWS. */
  readonly managed: readonly string[]
  readonly referred: readonly PolicyReference[]
  readonly boundary?: { readonly arn: string } | { readonly reference: PolicyReference }
  readonly tags: readonly Tag[]
}

export type AssigneeType = 'USER' | 'GROUP'

/** A permission set lent to a user or a group in an account. */
export interface CenterAssignment {
  readonly account: AccountId
  readonly set: string
  readonly type: AssigneeType
  readonly principal: string
}

/** The role that a permission set is in an account. */
export interface Provisioning {
  readonly account: AccountId
  readonly set: string
  readonly roleId: string
  /** Of what the role was made of. */
  readonly hash: string
}

/** A request to assign or to provision, whose outcome is asked for later. */
export interface CenterRequest {
  readonly id: string
  readonly kind: 'create' | 'delete' | 'provision'
  readonly set: string
  readonly account?: AccountId
  readonly type?: AssigneeType
  readonly principal?: string
  readonly failure?: string
  readonly createdAt: number
}

export const centers = defineTable<Center>({ kind: 'center/instance', key: (r) => r.id })
export const centerUsers = defineTable<CenterUser, 'name'>({
  kind: 'center/user',
  beside: true,
  key: (r) => r.id,
  indexes: { name: (r) => r.userName.toLowerCase() },
  orders: { id: (r) => r.id, email: (r) => `${centerEmailOf(r) ?? ''} ${r.id}` },
})
export const centerGroups = defineTable<CenterGroup, 'name'>({
  kind: 'center/group',
  beside: true,
  key: (r) => r.id,
  indexes: { name: (r) => r.displayName.toLowerCase() },
  orders: { id: (r) => r.id },
})
export const centerMemberships = defineTable<CenterMembership, 'pair'>({
  kind: 'center/membership',
  beside: true,
  key: (r) => r.id,
  indexes: { pair: (r) => `${r.group} ${r.user}` },
  orders: { group: (r) => `${r.group} ${r.id}`, user: (r) => `${r.user} ${r.id}` },
})
export const permissionSets = defineTable<PermissionSet, 'name'>({
  kind: 'center/permission-set',
  key: (r) => r.id,
  indexes: { name: (r) => r.name.toLowerCase() },
})
export const centerAssignments = defineTable<CenterAssignment>({
  kind: 'center/assignment',
  key: assignmentKey,
  orders: { principal: (r) => `${r.type} ${r.principal} ${r.account} ${r.set}`, place: assignmentKey },
})
export const provisionings = defineTable<Provisioning>({
  kind: 'center/provisioning',
  key: ({ account, set }) => `${account} ${set}`,
})
export const centerRequests = defineTable<CenterRequest>({ kind: 'center/request', key: (r) => r.id })

/** The e-mail address of a user, in lower case. */
export function centerEmailOf({ given }: Pick<CenterUser, 'given'>): string | undefined {
  const [first] = Array.isArray(given.Emails) ? given.Emails : []
  const value: unknown = first?.Value
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

/** Users and groups that were deleted, and have memberships yet. */
export const centerLeavings = defineTable<CenterLeaving>({
  kind: 'center/leaving',
  beside: true,
  key: (r) => r.id,
})

/** Reads the tables that may be large, of an account or of the people beside it (behaviour SSO-104). */
export async function readLargeTables(account: Account, pause: () => Promise<void>): Promise<void> {
  if (!isOfPeople(account.id)) {
    await account.readAhead(centerAssignments, pause)
    return account.readAhead(accessEntitlements, pause)
  }
  await account.readAhead(centerUsers, pause)
  await account.readAhead(centerGroups, pause)
  await account.readAhead(centerMemberships, pause)
  await account.readAhead(loginProfiles, pause)
  await account.readAhead(centerMfaDevices, pause)
}

/** The kinds of items that are of the people; earlier versions had them in the account. */
const kindsOfPeople: ReadonlySet<string> = new Set(
  [centerUsers, centerGroups, centerMemberships, centerMfaDevices].map(({ kind }) => kind),
)

/** Divides the items of an account of an earlier version: those of the account, and those of the people beside it. */
export function partedItems(items: readonly Item[]): { readonly own: Item[]; readonly people: Item[] } {
  const users = new Set(items.flatMap(({ kind, id }) => (kind === centerUsers.kind ? [id] : [])))
  const [own, people]: [Item[], Item[]] = [[], []]
  for (const item of items) {
    const { kind, id } = item
    const isTheirs = kindsOfPeople.has(kind) || (kind === loginProfiles.kind && users.has(id))
    ;(isTheirs ? people : own).push(item)
  }
  return { own, people }
}

/** The key of an assignment: who is lent what, where. */
export function assignmentKey({ account, set, type, principal }: CenterAssignment): string {
  return `${account} ${set} ${type} ${principal}`
}

/** The most of each in an instance (behaviour SSO-37). */
export const centerQuotas = {
  users: 100_000,
  groups: 10_000,
  memberships: 200_000,
  /** The groups of a user that count for what is lent to it. */
  groupsOfUser: 1_000,
  sets: 2_000,
  setsOfAccount: 50,
  policiesOfSet: 20,
  inlineBytes: 10_240,
  requests: 1_000,
  attributes: 50,
} as const

/** Returns the instance that an account owns, if any. */
export function centerOf(owner: Account): Center | undefined {
  for (const center of owner.table(centers).values()) return center
  return undefined
}
