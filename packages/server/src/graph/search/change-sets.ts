import { type Change, changeName, onlyAdds, subjectOf } from '../request/change.ts'
import { hasDeny, type Person, type World } from '../world/world.ts'
import type { Use } from './joint.ts'

/** The changes that are about a principal: of itself, its groups, its policies, or the account. */
export function changesOf(changes: Iterable<Change>, person: Person, world: World): readonly Change[] {
  return [...related(changes, person, world).keys()]
}

/**
 * The sets of changes in which an attacker may use a principal: none, each by itself with those that it depends on, those
 * that only add, and as many as can be made together.
 */
export function* setsOf(
  changes: Iterable<Change>,
  person: Person,
  world: World,
  useOf: UseOf,
): Generator<readonly Change[]> {
  const about = related(changes, person, world)
  const every = [...about.keys()]
  const places = every.filter((change) => change.arn === person.arn && makesRoom(change, world))
  const all = every.filter((change) => !places.includes(change))
  const names = new Set(all.map(changeName))
  const neededBy = ({ within = [] }: Change): readonly Change[] =>
    within.filter((each) => names.has(changeName(each)))
  const withNeeded = (change: Change): readonly Change[] => {
    const needed = about.get(change)
    return needed === undefined ? [change] : [...withNeeded(needed), change]
  }
  // What a change was made within stays, unless another change of the same is made.
  const closed = (set: readonly Change[]): readonly Change[] => {
    const found = [...set]
    for (const change of found)
      for (const each of neededBy(change))
        if (!found.some((other) => subjectOf(other) === subjectOf(each))) found.push(each)
    return found
  }
  const isFree = (change: Change): boolean => about.get(change) === undefined && neededBy(change).length === 0
  const within = (set: readonly Change[]) => withinQuotas(closed(set), person, places, useOf)
  yield* within([])
  for (const change of all) yield* within(withNeeded(change))
  const adds = all.filter((change) => onlyAdds(change) && isFree(change))
  if (adds.length > 1) yield* within(adds)
  for (const change of all)
    if (adds.length > 0 && !adds.includes(change)) yield* within([...adds, ...withNeeded(change)])
  for (const change of all)
    for (const needed of neededBy(change))
      for (const other of all)
        if (other !== change && subjectOf(other) === subjectOf(needed) && !isSame(other, needed))
          yield* within([...withNeeded(change), ...withNeeded(other)])
  // A session is made by one call, so a set has one at most.
  const sessions = all.filter(({ is }) => is === 'session')
  const others = compatible(all.filter(({ is }) => is !== 'session'))
  if (others.length > 1) yield* within(others)
  // What gives back what was taken comes later.
  const back = compatible(all.filter(({ is }) => is !== 'session').reverse())
  if (back.length > 1 && back.some((change) => !others.includes(change))) yield* within(back)
  for (const session of sessions) if (others.length > 0) yield* within([...others, session])
}

/** Returns the use of changes that give a principal groups or policies, beside some others. */
export type UseOf = (given: readonly Change[], others: readonly Change[]) => Use

function isSame(one: Change, other: Change): boolean {
  return changeName(one) === changeName(other)
}

/** The most groups of a user, and the most policies that are attached to one principal. */
const quotas = { joined: 10, attached: 10 } as const

/** The most sets that are made of one which has too many. */
const mostSets = 50

/**
 * A set of changes; if it gives a principal more groups or policies than it may have, sets in which each two of them are,
 * and where others go for them.
 */
function withinQuotas(
  set: readonly Change[],
  person: Person,
  places: readonly Change[],
  useOf: UseOf,
): readonly (readonly Change[])[] {
  const own = set.filter(({ arn }) => arn === person.arn)
  const groups = person.type === 'user' ? person.groups.length : 0
  const left = own.filter(({ is }) => is === 'left').length
  const detached = own.filter((change) => change.is === 'without' && person.attached.includes(change.key))
  const [toLeave, toDetach] = [places.filter(({ is }) => is === 'left'), places.filter(isDetached)]
  const room = {
    joined: quotas.joined - groups + left,
    attached: quotas.attached - person.attached.length + detached.length,
  }
  return reduced(set, own, 'joined', room.joined, toLeave, useOf).flatMap((each) =>
    reduced(each, own, 'attached', room.attached, toDetach, useOf),
  )
}

function isDetached({ is }: Change): boolean {
  return is === 'without'
}

function reduced(
  all: readonly Change[],
  own: readonly Change[],
  is: keyof typeof quotas,
  room: number,
  places: readonly Change[],
  useOf: UseOf,
): readonly (readonly Change[])[] {
  const given = own.filter((change) => change.is === is)
  if (given.length <= Math.max(room, 1)) return [all]
  const rest = all.filter((change) => !given.includes(change))
  const { joint, useful } = useOf(given, rest)
  const together = given.filter((change) => joint.has(change))
  // Each of the others counts with the other changes alone.
  const alone = rest.length === 0 ? [] : given.filter((change) => useful.has(change) && !joint.has(change))
  const found = [...pairsOf(together, room), ...blocksOf(alone, Math.max(room, 1))]
  if (found.length === 0 && rest.length > 0) found.push([])
  // Others go, so that there is room for all of them, or for each two.
  const isMore = together.length > Math.max(room, 1)
  const isRoom = together.length - room <= places.length
  const more = !isMore ? [] : isRoom ? [together] : room < 2 ? pairsOf(together, 2) : []
  const wider = more.flatMap((each) =>
    choices(places, each.length - room).map((gone) => [...rest, ...gone, ...each]),
  )
  return [...found.slice(0, mostSets).map((each) => [...rest, ...each]), ...wider.slice(0, mostSets)]
}

/** Sets of as many changes as there is room for, in which each two of them are. */
function pairsOf(given: readonly Change[], room: number): readonly (readonly Change[])[] {
  if (given.length <= Math.max(room, 1)) return given.length === 0 ? [] : [given]
  const blocks = blocksOf(given, Math.max(1, Math.floor(room / 2)))
  if (room < 2) return blocks
  return blocks.flatMap((one, place) => blocks.slice(place + 1).map((other) => [...one, ...other]))
}

function blocksOf(given: readonly Change[], size: number): readonly (readonly Change[])[] {
  const blocks: (readonly Change[])[] = []
  for (let place = 0; place < given.length; place += size) blocks.push(given.slice(place, place + size))
  return blocks
}

/** Every choice of so many of some changes; none if there are too few. */
function choices(changes: readonly Change[], count: number): readonly (readonly Change[])[] {
  if (count <= 0) return [[]]
  const found: (readonly Change[])[] = []
  for (const [place, change] of changes.entries()) {
    for (const more of choices(changes.slice(place + 1), count - 1)) found.push([change, ...more])
    if (found.length >= mostSets) break
  }
  return found
}

/** Whether a change takes a group or a policy without a Deny from a principal: it counts only where room is needed. */
function makesRoom(change: Change, { groups, policies }: World): boolean {
  const isFree = (arn: string): boolean =>
    ![...(policies.get(arn)?.versions.values() ?? [])].some(({ policy }) => hasDeny(policy.text))
  if (change.is === 'without') return policies.has(change.key) && isFree(change.key)
  if (change.is !== 'left') return false
  const group = groups.get(change.group)
  return group?.inline.some(({ policy }) => hasDeny(policy.text)) === false && group.attached.every(isFree)
}

/** Each change about a principal, and the change that it depends on: a group's, once the principal has joined it. */
function related(
  changes: Iterable<Change>,
  person: Person,
  world: World,
): ReadonlyMap<Change, Change | undefined> {
  const all = [...changes]
  const subjects = new Map<string, Change | undefined>([
    [person.arn, undefined],
    [world.account, undefined],
  ])
  const addPolicy = (arn: string | undefined, by: Change | undefined): void => {
    if (arn !== undefined && !subjects.has(arn)) subjects.set(arn, by)
  }
  const addGroup = (name: string, by: Change | undefined): void => {
    const group = world.groups.get(name)
    if (group === undefined || subjects.has(group.arn)) return
    subjects.set(group.arn, by)
    for (const arn of group.attached) addPolicy(arn, by)
  }
  addPolicy(person.boundary, undefined)
  for (const arn of person.attached) addPolicy(arn, undefined)
  if (person.type === 'user') for (const name of person.groups) addGroup(name, undefined)
  const found = new Map<Change, Change | undefined>()
  for (let grown = true; grown; ) {
    grown = false
    for (const change of all) {
      if (found.has(change) || !subjects.has(change.arn)) continue
      found.set(change, subjects.get(change.arn))
      grown = true
      if (change.is === 'joined') addGroup(change.group, change)
      if (change.is === 'attached' || change.is === 'boundary') addPolicy(change.policy, change)
    }
  }
  return found
}

/** As many changes as can be made together: of two versions or boundaries the one that allows more. */
function compatible(changes: readonly Change[]): readonly Change[] {
  const chosen = new Map<string, Change>()
  for (const change of changes) {
    const about = subjectOf(change)
    const isWider =
      (change.is === 'version' && change.version === undefined) ||
      (change.is === 'boundary' &&
        (change.policy === undefined || change.policy.endsWith('/AdministratorAccess')))
    if (!chosen.has(about) || isWider) chosen.set(about, change)
  }
  return [...chosen.values()]
}
