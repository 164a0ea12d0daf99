import type { AccountId } from '../base/index.ts'
import { defineTable } from './table.ts'

/** A tag as given; keys are unique ignoring case (behaviour IAM-TAG-1). */
export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Tags by key. */
export function tagTexts(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

/** The common members of named IAM resources. Instants are milliseconds since the epoch. */
export interface Named {
  readonly id: string
  /** As given; unique in its account ignoring case. */
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly createdAt: number
}

/** A resource that can have policies. */
export interface IamIdentity extends Named {
  /** Inline policies: name → document text as given. */
  readonly inline: Readonly<Record<string, string>>
  /** ARNs of managed policies, in the order attached. */
  readonly attached: readonly string[]
}

export interface User extends IamIdentity {
  readonly tags: readonly Tag[]
  readonly boundaryArn?: string
  /** Ids of groups, in the order joined. */
  readonly groups: readonly string[]
  readonly passwordLastUsed?: number
}

export interface Group extends IamIdentity {}

export interface Role extends IamIdentity {
  readonly tags: readonly Tag[]
  readonly boundaryArn?: string
  /**
   * The trust policy's text, with the unique ids of the users and roles instead of their ARNs (behaviour POL-043).
   */
  readonly trust: string
  /** Other accounts whose entities the trust policy names by id: they are loaded to show the ids as ARNs. */
  readonly trustAccounts?: readonly AccountId[]
  readonly description?: string
  readonly maxSessionSeconds: number
  /** The service principal that a service-linked role belongs to. */
  readonly linkedService?: string
  /** The service that alone changes it: a role of IAM Identity Center. */
  readonly reservedBy?: string
  /** The role template that it was acquired from, and what the template's parameters were. */
  readonly source?: RoleSource
}

export interface RoleSource {
  readonly templateArn: string
  readonly minorVersion: number
  readonly values: Readonly<Record<string, string>>
}

export interface PolicyVersion {
  readonly id: string
  readonly document: string
  readonly createdAt: number
}

export interface ManagedPolicy extends Named {
  readonly description?: string
  readonly updatedAt: number
  readonly defaultVersion: string
  /** Oldest first. */
  readonly versions: readonly PolicyVersion[]
  /** The number of the next version; numbers are never reused. */
  readonly nextVersion: number
  readonly tags: readonly Tag[]
}

export interface InstanceProfile extends Named {
  readonly roleId?: string
  readonly tags: readonly Tag[]
}

export interface AccessKey {
  readonly id: string
  /** The user's id, or `root`. */
  readonly owner: string
  readonly active: boolean
  readonly createdAt: number
  /** Sealed with the vault's key for the purpose `access-key`. */
  readonly sealedSecret: string
}

/** Settings of which an account has one each. */
export interface AccountSettings {
  readonly id: 'settings'
  readonly name: string
  readonly email: string
  readonly createdAt: number
  readonly alias?: string
  /** The management account, if the account belongs to an organization. */
  readonly managementAccount?: AccountId
  /** The time when the account was closed: its credentials are no longer valid, and nothing in it can be reached. */
  readonly closedAt?: number
  /** The version of tokens that STS's global endpoint issues; 1 if it was never set. */
  readonly globalTokenVersion?: 1 | 2
}

const nameIndex = {
  indexes: { name: (record: Named) => record.name.toLowerCase() },
  byNameOnly: true,
} as const

export const users = defineTable<User, 'name'>({
  kind: 'iam/user',
  key: (r) => r.id,
  ...nameIndex,
  affectsPolicies: true,
})
export const groups = defineTable<Group, 'name'>({
  kind: 'iam/group',
  key: (r) => r.id,
  ...nameIndex,
  affectsPolicies: true,
})
export const roles = defineTable<Role, 'name'>({
  kind: 'iam/role',
  key: (r) => r.id,
  ...nameIndex,
  affectsPolicies: true,
})
export const policies = defineTable<ManagedPolicy, 'name'>({
  kind: 'iam/policy',
  key: (r) => r.id,
  ...nameIndex,
  affectsPolicies: true,
})
export const instanceProfiles = defineTable<InstanceProfile, 'name'>({
  kind: 'iam/instance-profile',
  key: (r) => r.id,
  ...nameIndex,
})
export const accessKeys = defineTable<AccessKey>({ kind: 'iam/access-key', key: (r) => r.id })
export const settings = defineTable<AccountSettings>({
  kind: 'account/settings',
  key: (r) => r.id,
  affectsPolicies: true,
})
