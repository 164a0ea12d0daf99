import type { Dependencies } from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { attributeTags, isTrustedIn } from '../../center/index.ts'
import {
  type Account,
  anywhereProfiles,
  type Center,
  type CenterUser,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centerUsers,
  clusterArn,
  identityPools,
  organizationAccounts,
  organizationOf,
  podAssociations,
  provisionings,
  roles,
  trustAnchors,
} from '../../directory/index.ts'
import { accountsInView } from './in-view.ts'

/** The most assignments, and members of groups that have some, that a graph knows: a larger directory is known by its groups. */
const most = { assignments: 2_000, members: 1_000 } as const

/** A holder of roles, as inventories have it. */
export interface LentEntry {
  readonly to: string
  readonly roles: readonly string[]
  readonly groups?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly source?: string
  readonly limit?: string
}

/**
 * The people and machines that get roles of an account without being principals of IAM; of the account that owns IAM Identity
 * Center, also those of the accounts in view. [GRD-660]
 * @throws AccountNotLoaded
 */
export function lentIn(
  account: Account,
  deps: Pick<Dependencies, 'directory'>,
): { readonly lent?: readonly LentEntry[] } {
  const lent = [
    ...peopleOf(account, deps),
    ...podsOf(account),
    ...poolsOf(account),
    ...certificatesOf(account),
  ]
  return lent.length === 0 ? {} : { lent }
}

function peopleOf(owner: Account, deps: Pick<Dependencies, 'directory'>): readonly LentEntry[] {
  const center = centerOf(owner)
  if (center === undefined || !isTrustedIn(organizationOf(owner))) return []
  const own = rolesByPrincipal(owner, deps)
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
    groups.push({ to: `center/group/${group.displayName}`, roles: lentRoles })
    const left = Math.max(0, most.members - members)
    for (const { user } of directory.table(centerMemberships).range('group', `${id} `, undefined, left)) {
      members++
      groupsOf.set(user, [...(groupsOf.get(user) ?? []), group.displayName])
    }
  }
  const people = [...groupsOf].flatMap(([id, inGroups]): readonly LentEntry[] => {
    const user = directory.table(centerUsers).find(id)
    if (user?.enabled !== true) return []
    const tags = tagsOf(user, center)
    return [{ to: `center/${user.userName}`, roles: own.get(`USER ${id}`) ?? [], groups: inGroups, ...tags }]
  })
  return [...groups, ...people]
}

/** The ARNs of the roles that users and groups have by themselves: by type and id. */
function rolesByPrincipal(
  owner: Account,
  deps: Pick<Dependencies, 'directory'>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let count = 0
  for (const account of [owner, ...accountsInView(owner, deps)]) {
    if (owner.table(organizationAccounts).find(account.id)?.status !== 'ACTIVE') continue
    const left = most.assignments - count
    const assignments = owner.table(centerAssignments).range('place', `${account.id} `, undefined, left)
    count += assignments.length
    for (const { set, type, principal } of assignments) {
      const made = owner.table(provisionings).find(`${account.id} ${set}`)
      const role = made && account.table(roles).find(made.roleId)
      if (role === undefined) continue
      const known = found.get(`${type} ${principal}`)
      const arn = iamArn(account, 'role', role.path, role.name)
      if (known === undefined) found.set(`${type} ${principal}`, [arn])
      else known.push(arn)
    }
  }
  return found
}

function tagsOf(user: CenterUser, center: Center) {
  const tags = attributeTags(user, center)
  return tags.length === 0
    ? {}
    : { tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value] as const)) }
}

/** A session policy of the loan itself, which is not asked about. */
const limit = 'a session policy limits its sessions'

function podsOf(account: Account): readonly LentEntry[] {
  return [...account.table(podAssociations).values()].map((pod) => {
    const { region, cluster, namespace, serviceAccount, roleArn, target, policy } = pod
    const source = clusterArn(account, region, cluster)
    const tags = {
      'eks-cluster-arn': source,
      'eks-cluster-name': cluster,
      'kubernetes-namespace': namespace,
      'kubernetes-service-account': serviceAccount,
    }
    const limits = target === undefined ? policy && limit : `it only assumes ${target.roleArn} for the pods`
    return {
      to: `pod/${cluster}/${namespace}/${serviceAccount}`,
      roles: [roleArn],
      source,
      ...(pod.disableSessionTags ? {} : { tags }),
      ...(limits === undefined ? {} : { limit: limits }),
    }
  })
}

/** Guests of the enhanced flow are left out: a session policy of AWS keeps them from nearly everything. [PSR-21] */
function poolsOf(account: Account): readonly LentEntry[] {
  return [...account.table(identityPools).values()].flatMap((pool) => {
    const { authenticated, unauthenticated } = pool.roles
    const mapped = Object.values(pool.mappings).flatMap(({ rules }) => rules.map(({ roleArn }) => roleArn))
    const users = [...new Set([...(authenticated === undefined ? [] : [authenticated]), ...mapped])]
    const guests = pool.letsGuests && pool.letsClassic && unauthenticated !== undefined
    return [
      ...(users.length === 0 ? [] : [{ to: `pool/${pool.id}`, roles: users }]),
      ...(guests ? [{ to: `guest/${pool.id}`, roles: [unauthenticated] }] : []),
    ]
  })
}

/** Profiles that an authority of the same region can give certificates for. */
function certificatesOf(account: Account): readonly LentEntry[] {
  const anchors = [...account.table(trustAnchors).values()].filter(({ enabled }) => enabled)
  return [...account.table(anywhereProfiles).values()].flatMap((profile) => {
    const { enabled, name, region, roleArns, sessionPolicy, managedPolicyArns } = profile
    const own = anchors.filter((anchor) => anchor.region === region)
    const [first] = own
    if (!enabled || first === undefined) return []
    const arn = `arn:${account.partition}:rolesanywhere:${region}:${account.id}:trust-anchor/${first.id}`
    const isLimited = sessionPolicy !== undefined || managedPolicyArns.length > 0
    return [
      {
        to: `certificate/${name}`,
        roles: roleArns,
        ...(own.length === 1 ? { source: arn } : {}),
        ...(isLimited ? { limit } : {}),
      },
    ]
  })
}
