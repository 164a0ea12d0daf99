import type { AccountId, FaultReason } from '../base/index.ts'
import {
  type CenterUser,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerQuotas,
  centerUsers,
  organizationAccounts,
  organizationOf,
  type PermissionSet,
  permissionSets,
} from '../directory/index.ts'
import { type CenterPlace, isTrustedIn } from './place.ts'

/** A permission set that a person may use in an account. */
export interface Lent {
  readonly account: AccountId
  readonly set: PermissionSet
}

/**
 * Returns what is lent to a user, directly or by a group, in accounts that are active, ordered by account and name. Of the groups,
 * the first thousand count (behaviour SSO-132).
 */
export function lentTo({ id }: CenterUser, { owner, people }: CenterPlace): readonly Lent[] {
  if (!isTrustedIn(organizationOf(owner))) return []
  const assignments = owner.table(centerAssignments)
  const groups = people.table(centerMemberships).range('user', `${id} `, undefined, centerQuotas.groupsOfUser)
  const own = [
    ...assignments.range('principal', `USER ${id} `),
    ...groups.flatMap(({ group }) =>
      people.table(centerGroups).find(group) === undefined
        ? [] // its memberships are being deleted
        : assignments.range('principal', `GROUP ${group} `),
    ),
  ]
  const found = new Map<string, Lent>()
  for (const { account, set: setId } of own) {
    const set = owner.table(permissionSets).find(setId)
    if (set === undefined || owner.table(organizationAccounts).find(account)?.status !== 'ACTIVE') continue
    found.set(`${account} ${set.name}`, { account, set })
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lent]) => lent)
}

/** Returns a user of a directory that may sign in. */
export function enabledUser({ people }: Pick<CenterPlace, 'people'>, id: string): CenterUser | undefined {
  const user = people.table(centerUsers).find(id)
  return user?.enabled === true ? user : undefined
}

/** Why a permission set is not lent to a user in an account (behaviour SSO-114). */
export function whyNotLent(
  user: Pick<CenterUser, 'userName'>,
  { owner }: Pick<CenterPlace, 'owner'>,
  account: string,
  set: string,
): FaultReason {
  const names = { user: user.userName, account, set }
  const isSet = owner.table(permissionSets).findBy('name', set.toLowerCase()) !== undefined
  const kind = !isTrustedIn(organizationOf(owner))
    ? 'notTrusted'
    : owner.table(organizationAccounts).find(account)?.status !== 'ACTIVE'
      ? 'noAccount'
      : isSet
        ? 'notAssigned'
        : 'noSet'
  return { kind, names }
}
