import type { Dependencies } from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { attributeTags, isTrustedIn, workingAccess } from '../../center/index.ts'
import {
  type Account,
  accessApplicationArn,
  accessEntitlements,
  anywhereProfiles,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centerUsers,
  findRole,
  identityPools,
  organizationAccounts,
  organizationOf,
  podAssociations,
  provisionings,
  roles,
  type Table,
  tagTexts,
  trustAnchors,
} from '../../directory/index.ts'
import { type LentEntry, machinesLent } from '../../image/index.ts'
import { accountsInView } from './in-view.ts'

/** The most assignments, and members of groups that have some, that a graph knows: a larger directory is known by its groups. */
const most = { assignments: 2_000, members: 1_000 } as const

/**
 * The people and machines that get roles of an account without being principals of IAM; of the account that owns IAM Identity
 * Center, also those of the accounts in view. [GRD-660]
 * @throws AccountNotLoaded
 */
export function lentIn(
  account: Account,
  deps: Pick<Dependencies, 'directory'>,
): { readonly lent?: readonly LentEntry[] } {
  const lent = [...principalsOf(account, deps), ...machinesOf(account)]
  return lent.length === 0 ? {} : { lent }
}

function principalsOf(owner: Account, deps: Pick<Dependencies, 'directory'>): readonly LentEntry[] {
  const center = centerOf(owner)
  if (center === undefined) return []
  const own = rolesByPrincipal(owner, deps)
  const application = workingAccess(owner)
  const source = application === undefined ? {} : { source: accessApplicationArn(application, owner) }
  if (own.size === 0) return []
  const directory = deps.directory.people(owner.id)
  const groupsOf = new Map<string, string[]>()
  const groups: LentEntry[] = []
  let members = 0
  for (const [key, lentRoles] of own) {
    const [type, id = ''] = key.split(' ')
    if (type === 'USER') groupsOf.set(id, groupsOf.get(id) ?? [])
    const group = type === 'GROUP' ? directory.table(centerGroups).find(id) : undefined
    if (group === undefined) continue
    groups.push({ to: `center/group/${group.displayName}`, roles: lentRoles, ...source })
    const left = Math.max(0, most.members - members)
    for (const { user } of directory.table(centerMemberships).range('group', `${id} `, undefined, left)) {
      members++
      groupsOf.set(user, [...(groupsOf.get(user) ?? []), group.displayName])
    }
  }
  const principals = [...groupsOf].flatMap(([id, inGroups]): readonly LentEntry[] => {
    const user = directory.table(centerUsers).find(id)
    if (user?.enabled !== true) return []
    const tags = attributeTags(user, center)
    return [
      {
        to: `center/${user.userName}`,
        roles: own.get(`USER ${id}`) ?? [],
        groups: inGroups,
        ...source,
        ...(tags.length === 0 ? {} : { tags: tagTexts(tags) }),
      },
    ]
  })
  return [...groups, ...principals]
}

/** The ARNs of the roles that users and groups have by themselves: by type and id. */
function rolesByPrincipal(
  owner: Account,
  deps: Pick<Dependencies, 'directory'>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const add = (principal: string, arn: string) => {
    const known = found.get(principal)
    if (known === undefined) found.set(principal, [arn])
    else known.push(arn)
  }
  let count = 0
  const isTrusted = isTrustedIn(organizationOf(owner))
  const isManaged = workingAccess(owner) !== undefined
  for (const account of [owner, ...accountsInView(owner, deps)]) {
    if (owner.table(organizationAccounts).find(account.id)?.status !== 'ACTIVE') continue
    const rows = <R>(table: Pick<Table<R>, 'range'>, isOn: boolean) => {
      const left = isOn ? most.assignments - count : 0
      const some = left > 0 ? table.range('place', `${account.id} `, undefined, left) : []
      count += some.length
      return some
    }
    const assignments = rows(owner.table(centerAssignments), isTrusted)
    for (const { set, type, principal } of assignments) {
      const made = owner.table(provisionings).find(`${account.id} ${set}`)
      const role = made && account.table(roles).find(made.roleId)
      if (role === undefined) continue
      add(`${type} ${principal}`, iamArn(account, 'role', role.path, role.name))
    }
    for (const { type, principal, roleArn } of rows(owner.table(accessEntitlements), isManaged))
      if (findRole(account, roleArn) !== undefined) add(`${type} ${principal}`, roleArn)
  }
  return found
}

function machinesOf(account: Account): readonly LentEntry[] {
  return machinesLent({
    account: account.id,
    partition: account.partition,
    podAssociations: [...account.table(podAssociations).values()],
    identityPools: [...account.table(identityPools).values()],
    trustAnchors: [...account.table(trustAnchors).values()],
    certificateProfiles: [...account.table(anywhereProfiles).values()],
  })
}
