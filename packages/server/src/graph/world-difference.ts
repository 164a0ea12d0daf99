import type { Document, Group, ManagedPolicy, Person, World } from './world.ts'

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

/** Whether nothing of a principal is touched: not itself, nor its groups and policies. */
export function isUntouched(person: Person, { people, groups, policies }: WorldDifference): boolean {
  if (people.has(person.arn)) return false
  if (policies.size > 0) {
    if (person.boundary !== undefined && policies.has(person.boundary)) return false
    for (const arn of person.attached) if (policies.has(arn)) return false
  }
  return person.type !== 'user' || groups.size === 0 || !person.groups.some((name) => groups.has(name))
}
