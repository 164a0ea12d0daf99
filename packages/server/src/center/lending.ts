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
  type Table,
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
export function lentTo(user: CenterUser, place: CenterPlace): readonly Lent[] {
  const { owner } = place
  if (!isTrustedIn(organizationOf(owner))) return []
  const own = ownAndByGroup(owner.table(centerAssignments), user, place)
  const found = new Map<string, Lent>()
  for (const { account, set: setId } of own) {
    const set = owner.table(permissionSets).find(setId)
    if (set === undefined || owner.table(organizationAccounts).find(account)?.status !== 'ACTIVE') continue
    found.set(`${account} ${set.name}`, { account, set })
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lent]) => lent)
}

/** The records that concern a user: its own, and those of its groups, by the order `principal` of their table (behaviour SSO-132). */
export function ownAndByGroup<R extends { readonly principal: string }>(
  table: Pick<Table<R>, 'range'>,
  { id }: Pick<CenterUser, 'id'>,
  { people }: Pick<CenterPlace, 'people'>,
): readonly R[] {
  const groups = new Set(
    people
      .table(centerMemberships)
      .range('user', `${id} `, undefined, centerQuotas.groupsOfUser)
      .map(({ group }) => group),
  )
  const own = [...table.range('principal', `USER ${id} `)]
  // without the group, its memberships are being deleted
  for (const group of groupsIn(table, Math.min(groups.size, scannedMost)) ?? groups)
    if (groups.has(group) && people.table(centerGroups).has(group))
      own.push(...table.range('principal', `GROUP ${group} `))
  return own
}

/** More groups with records than these are not listed: the user's own are asked instead. */
const scannedMost = 100

/** The groups that have records, if they are not more than `most`: mostly few of a user's groups have any. */
function groupsIn<R extends { readonly principal: string }>(
  table: Pick<Table<R>, 'range'>,
  most: number,
): readonly string[] | undefined {
  const found: string[] = []
  let after: string | undefined
  for (;;) {
    const [next] = table.range('principal', 'GROUP ', after, 1)
    if (next === undefined) return found
    if (found.length >= most) return undefined
    found.push(next.principal)
    after = `GROUP ${next.principal} ~` // behind all records of the group
  }
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
