import type { Document, Group, Inventory, ManagedPolicy, Organization, Principal, World } from './world.ts'
import type { WorldIndex } from './world-index.ts'

/** The things that a change of a world touches. */
export interface WorldDifference {
  /** The ARNs of principals that are new, that differ, that are no longer there, or whose keys, password or MFA devices differ. */
  readonly principals: ReadonlySet<string>
  /** The principals among them whose keys, password or MFA devices differ. */
  readonly counted: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  readonly policies: ReadonlySet<string>
  /** The principals of the world before that differ now or are no longer there. */
  readonly gone: ReadonlySet<Principal>
  /** Whether a name of a user, a role or a policy is taken now, or free again. */
  readonly hasOtherNames: boolean
  /** Whether a role has other instance profiles. */
  readonly hasOtherProfiles: boolean
  /** Documents that are new, and trust policies that were there before. */
  readonly documents: readonly Document[]
}

/**
 * The difference between two worlds of one account. Undefined if everything may differ: another organization, or an
 * inventory with other resources or identity providers. With documents of other accounts that are new.
 */
export function differenceOf(
  before: World,
  after: World,
  foreign: readonly Document[] = [],
): WorldDifference | undefined {
  if (before.organization !== after.organization) return undefined
  const counted = usersWithOtherCounts(before, after)
  if (counted === undefined) return undefined
  const principals = new Set<string>(counted)
  const groups = new Set<string>()
  const policies = new Set<string>()
  const gone = new Set<Principal>()
  const documents: Document[] = [...foreign]
  let hasOtherNames = false
  let hasOtherProfiles = false
  for (const kind of ['users', 'roles'] as const)
    for (const { was, is } of changedIn<Principal>(before[kind], after[kind])) {
      if (was === undefined || is === undefined) hasOtherNames = true
      if (was !== undefined) gone.add(was)
      if (profilesOf(was) !== profilesOf(is)) hasOtherProfiles = true
      for (const principal of [was, is]) {
        if (principal === undefined) continue
        principals.add(principal.arn)
        if (principal.type === 'role' && principal.trust !== undefined) documents.push(principal.trust)
      }
      documents.push(...(is?.inline ?? []))
    }
  for (const { was, is } of changedIn<Group>(before.groups, after.groups)) {
    groups.add((is ?? was)?.name ?? '')
    documents.push(...(is?.inline ?? []))
  }
  for (const { was, is } of changedIn<ManagedPolicy>(before.policies, after.policies)) {
    if (was === undefined || is === undefined) hasOtherNames = true
    policies.add((is ?? was)?.arn ?? '')
    documents.push(...(is?.versions.values() ?? []))
  }
  if (policies.size > 0)
    for (const { name, attached } of after.groups.values())
      if (attached.some((arn) => policies.has(arn))) groups.add(name)
  return { principals, counted, groups, policies, gone, hasOtherNames, hasOtherProfiles, documents }
}

/** The instance profiles of a role as a text. */
function profilesOf(principal: Principal | undefined): string {
  return principal?.type === 'role' ? principal.profiles.map(({ arn }) => arn).join() : ''
}

/** An entry before and after a change; undefined if it is not there. */
interface Changed<Each> {
  readonly was: Each | undefined
  readonly is: Each | undefined
}

function changedIn<Each>(
  before: ReadonlyMap<string, Each>,
  after: ReadonlyMap<string, Each>,
): readonly Changed<Each>[] {
  if (before === after) return []
  const found: Changed<Each>[] = []
  let kept = 0
  for (const [name, is] of after) {
    const was = before.get(name)
    if (was !== undefined) kept++
    if (was !== is) found.push({ was, is })
  }
  if (kept < before.size)
    for (const [name, was] of before) if (!after.has(name)) found.push({ was, is: undefined })
  return found
}

/**
 * The ARNs of the users that have other numbers of keys and MFA devices than before, or a password where there was none.
 * Undefined if something else of the inventory differs.
 */
function usersWithOtherCounts(
  { inventory: before }: World,
  { inventory: after, users }: World,
): ReadonlySet<string> | undefined {
  if (before === after) return new Set()
  const { accessKeys, loginProfiles, mfaDevices } = after
  const counts = ['accessKeys', 'loginProfiles', 'mfaDevices'] as const
  if (counts.some((key) => (before[key] === undefined) !== (after[key] === undefined))) return undefined
  const others = ['managesIdentityCenter', 'resources', 'listed', 'identityProviders', 'clientIds'] as const
  if (others.some((key) => before[key] !== after[key] && textOf(before[key]) !== textOf(after[key])))
    return undefined
  const found = new Set<string>()
  for (const { arn, name } of users.values())
    if (
      (accessKeys?.get(name) ?? 0) !== (before.accessKeys?.get(name) ?? 0) ||
      (mfaDevices?.get(name) ?? 0) !== (before.mfaDevices?.get(name) ?? 0) ||
      (loginProfiles?.has(name) ?? false) !== (before.loginProfiles?.has(name) ?? false)
    )
      found.add(arn)
  return found
}

/** The principals of which something is touched: themselves, a group, a policy, the boundary. */
export function touchedBy(
  { users, roles }: World,
  { principals, groups, policies }: WorldDifference,
  before: WorldIndex,
): ReadonlySet<Principal> {
  const found = new Set<Principal>()
  const add = (arn: string): void => {
    const principal = users.get(arn) ?? roles.get(arn)
    if (principal !== undefined) found.add(principal)
  }
  for (const arn of principals) add(arn)
  for (const arn of policies) for (const { arn: bearer } of before.bearersOf(arn)) add(bearer)
  for (const name of groups) {
    const group = before.world.groups.get(name)
    if (group === undefined) {
      for (const user of users.values()) if (user.groups.includes(name)) found.add(user)
    } else for (const { arn: bearer } of before.bearersOf(group.arn)) add(bearer)
  }
  return found
}

/**
 * A world that was read anew, with the principals, groups and policies of the world before it where they are equal: what
 * is the same object is not asked again after a change.
 */
export function keepingEqual(before: World, after: World): World {
  return {
    ...after,
    users: kept(before.users, after.users),
    roles: kept(before.roles, after.roles),
    groups: kept(before.groups, after.groups),
    policies: kept(before.policies, after.policies),
    inventory: isEqual(before.inventory, after.inventory) ? before.inventory : after.inventory,
    organization: isEqual(before.organization, after.organization) ? before.organization : after.organization,
  }
}

function isEqual(one: Inventory | Organization, other: Inventory | Organization): boolean {
  return one === other || textOf(one) === textOf(other)
}

function kept<Each extends Principal | Group | ManagedPolicy>(
  before: ReadonlyMap<string, Each>,
  after: ReadonlyMap<string, Each>,
): ReadonlyMap<string, Each> {
  let isSame = before.size === after.size
  const found = new Map<string, Each>()
  for (const [name, each] of after) {
    const was = before.get(name)
    const isKept = was !== undefined && isEqualPart(was, each)
    if (!isKept) isSame = false
    found.set(name, isKept ? was : each)
  }
  return isSame ? before : found
}

/** Whether two principals, groups or policies say the same. */
export function isEqualPart(
  one: Principal | Group | ManagedPolicy,
  other: Principal | Group | ManagedPolicy,
): boolean {
  return one === other || textOf(one) === textOf(other)
}

/** Everything that a part of a world says; of documents their text. */
function textOf(each: unknown): string | undefined {
  return JSON.stringify(each, (key, value: unknown) => {
    if (key === 'policy' && typeof value === 'object' && value !== null && 'text' in value) return value.text
    return value instanceof Map || value instanceof Set ? [...value] : value
  })
}
