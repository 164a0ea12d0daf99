import type { Document, Group, ManagedPolicy, Person, World } from './world.ts'
import type { WorldIndex } from './world-index.ts'

/** What a change of a world touches. */
export interface WorldDifference {
  readonly people: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  readonly policies: ReadonlySet<string>
  /** Documents that are new. */
  readonly documents: readonly Document[]
}

/**
 * What differs between two worlds of one account. Undefined if everything may differ: another inventory or organization,
 * or other principals, groups or policies than before. With documents of other accounts that are new.
 */
export function differenceOf(
  before: World,
  after: World,
  foreign: readonly Document[] = [],
): WorldDifference | undefined {
  if (before.inventory !== after.inventory || before.organization !== after.organization) return undefined
  const people = new Set<string>()
  const groups = new Set<string>()
  const policies = new Set<string>()
  const documents: Document[] = [...foreign]
  for (const kind of ['users', 'roles'] as const)
    for (const person of changedIn<Person>(before[kind], after[kind]) ?? [undefined]) {
      if (person === undefined) return undefined
      people.add(person.arn)
      documents.push(...person.inline)
      if (person.type === 'role' && person.trust !== undefined) documents.push(person.trust)
    }
  for (const group of changedIn<Group>(before.groups, after.groups) ?? [undefined]) {
    if (group === undefined) return undefined
    groups.add(group.name)
    documents.push(...group.inline)
  }
  for (const policy of changedIn<ManagedPolicy>(before.policies, after.policies) ?? [undefined]) {
    if (policy === undefined) return undefined
    policies.add(policy.arn)
    documents.push(...policy.versions.values())
  }
  if (policies.size > 0)
    for (const { name, attached } of after.groups.values())
      if (attached.some((arn) => policies.has(arn))) groups.add(name)
  return { people, groups, policies, documents }
}

/** The entries that differ; undefined if there are others than before. */
function changedIn<Each>(
  before: ReadonlyMap<string, Each>,
  after: ReadonlyMap<string, Each>,
): readonly Each[] | undefined {
  if (before === after) return []
  if (before.size !== after.size) return undefined
  const found: Each[] = []
  for (const [name, each] of after) {
    const was = before.get(name)
    if (was === undefined) return undefined
    if (was !== each) found.push(each)
  }
  return found
}

/** The principals of which something is touched: themselves, a group, a policy, the boundary. */
export function touchedBy(
  { users, roles }: World,
  { people, groups, policies }: WorldDifference,
  before: WorldIndex,
): ReadonlySet<Person> {
  const found = new Set<Person>()
  const add = (arn: string): void => {
    const person = users.get(arn) ?? roles.get(arn)
    if (person !== undefined) found.add(person)
  }
  for (const arn of people) add(arn)
  for (const arn of policies) for (const { arn: bearer } of before.bearersOf(arn)) add(bearer)
  for (const name of groups) {
    const group = before.world.groups.get(name)
    for (const { arn: bearer } of group === undefined ? [] : before.bearersOf(group.arn)) add(bearer)
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
  }
}

function kept<Each extends Person | Group | ManagedPolicy>(
  before: ReadonlyMap<string, Each>,
  after: ReadonlyMap<string, Each>,
): ReadonlyMap<string, Each> {
  let isSame = before.size === after.size
  const found = new Map<string, Each>()
  for (const [name, each] of after) {
    const was = before.get(name)
    const isEqual = was !== undefined && textOf(was) === textOf(each)
    if (!isEqual) isSame = false
    found.set(name, isEqual ? was : each)
  }
  return isSame ? before : found
}

/** Everything that a principal, a group or a policy says; of documents their text. */
function textOf(each: Person | Group | ManagedPolicy): string {
  return JSON.stringify(each, (key, value: unknown) => {
    if (key === 'policy' && typeof value === 'object' && value !== null && 'text' in value) return value.text
    return value instanceof Map ? [...value] : value
  })
}
