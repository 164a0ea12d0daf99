import { given } from '../base/index.ts'
import {
  type Account,
  type Group,
  groups,
  type IamIdentity,
  type InstanceProfile,
  instanceProfiles,
  type ManagedPolicy,
  policies,
  type Role,
  roles,
  type User,
  users,
} from '../directory/index.ts'
import {
  type AccountImage,
  emptyAccount,
  type GroupImage,
  type IdentityImage,
  type InstanceProfileImage,
  type ManagedPolicyImage,
  type RoleImage,
  type UserImage,
} from './image.ts'
import type { SourcePlace } from './place.ts'

/** Returns a trust policy with ARNs in place of the ids of users and roles. */
export type ShownTrust = (trust: string) => string

/** The images of single records of an account. */
export function describeRecords(account: Account, shown: ShownTrust) {
  const at = placeOfAccount(account)
  const identity = ({ inline, attached, id, name, path, createdAt }: IamIdentity): IdentityImage => ({
    at,
    name,
    id,
    path,
    createdAt,
    inline: Object.entries(inline).map(([each, document]) => ({ at, name: each, document })),
    attached,
  })
  return {
    at,
    user: (user: User): UserImage =>
      given({
        ...identity(user),
        groups: user.groups.flatMap((id) => account.table(groups).find(id)?.name ?? []),
        tags: user.tags,
        boundaryArn: user.boundaryArn ?? null,
        passwordLastUsed: user.passwordLastUsed,
      }),
    group: (group: Group): GroupImage => identity(group),
    role: (role: Role): RoleImage => {
      const use = account.usage.find(role.id)
      return given<RoleImage>({
        ...identity(role),
        trust: shown(role.trust),
        tags: role.tags,
        boundaryArn: role.boundaryArn ?? null,
        description: role.description ?? null,
        maxSessionSeconds: role.maxSessionSeconds,
        lastUsed: use === undefined ? undefined : { at: use.at, region: use.region, service: use.service },
      })
    },
    policy: (policy: ManagedPolicy): ManagedPolicyImage => {
      const { id, name, path, createdAt, updatedAt, description, defaultVersion, versions, tags } = policy
      return given({
        at,
        id,
        name,
        path,
        createdAt,
        updatedAt,
        description,
        defaultVersion,
        versions: versions.map((version) => ({ at, ...version })),
        tags,
      })
    },
    instanceProfile: ({ id, name, path, createdAt, tags, roleId }: InstanceProfile): InstanceProfileImage => {
      const role = roleId === undefined ? null : (account.table(roles).find(roleId)?.name ?? null)
      return { at, id, name, path, createdAt, tags, role }
    },
  }
}

/** The users, groups, roles, managed policies and instance profiles of an account as they are: who may do what. */
export function describeIdentities(account: Account, shown: ShownTrust): AccountImage {
  const { at, ...images } = describeRecords(account, shown)
  return {
    ...emptyAccount(account.id, account.partition, at),
    users: account.table(users).ordered('name').map(images.user),
    groups: account.table(groups).ordered('name').map(images.group),
    roles: account.table(roles).ordered('name').map(images.role),
    policies: account.table(policies).ordered('name').map(images.policy),
    instanceProfiles: account.table(instanceProfiles).ordered('name').map(images.instanceProfile),
  }
}

/** The place of what a server has, in place of one in a file. */
export function placeOfAccount({ id }: Pick<Account, 'id'>): SourcePlace {
  return { file: `account ${id}`, line: 1, column: 1 }
}
