import { prospectsOf } from '../prospect/known-prospects.ts'
import type { Group } from '../prospect/prospect-group.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Neighbours } from '../world/neighbours.ts'
import {
  type Document,
  hasDeny,
  type Group as IamGroup,
  type ManagedPolicy,
  type Principal,
} from '../world/world.ts'

/** The facts that the answer of a search rests on. */
export interface Footprint {
  /** The groups of the actors that the search came to. */
  readonly groups: ReadonlySet<Group>
  /** The ARNs of principals whose known proofs it took over. */
  readonly followed: ReadonlySet<string>
}

/** In place of the groups that a search came to, if it did not end. */
const anything: ReadonlySet<Group> = new Set()

/** The facts that answers about paths to an administrator rest on, by the ARN of the principal that is asked about. */
export class Footprints {
  readonly #groups = new Map<string, ReadonlySet<Group>>()
  /** Equal sets are kept once. */
  readonly #sets = new Map<string, ReadonlySet<Group>>()
  readonly #numbers = new Map<Group, number>()

  get isEmpty(): boolean {
    return this.#groups.size === 0
  }

  /** Notes what an answer rests on; undefined if the search did not end, so that it may be anything. */
  note(arn: string, footprint: Footprint | undefined): void {
    const followed = [...(footprint?.followed ?? [])].flatMap((each) => this.#groups.get(each) ?? [])
    if (footprint === undefined || followed.includes(anything)) {
      this.#groups.set(arn, anything)
      return
    }
    const all = new Set(footprint.groups)
    for (const groups of followed) for (const group of groups) all.add(group)
    const name = [...all]
      .map((group) => this.#numberOf(group))
      .sort((one, other) => one - other)
      .join()
    const kept = this.#sets.get(name) ?? all
    this.#sets.set(name, kept)
    this.#groups.set(arn, kept)
  }

  #numberOf(group: Group): number {
    const number = this.#numbers.get(group) ?? this.#numbers.size
    this.#numbers.set(group, number)
    return number
  }

  /** The ARNs of principals whose answers rest on such a set. */
  *restingOn(test: (groups: ReadonlySet<Group>) => boolean): Generator<string> {
    const tested = new Map<ReadonlySet<Group>, boolean>()
    for (const [arn, groups] of this.#groups) {
      const fits = groups === anything || (tested.get(groups) ?? test(groups))
      tested.set(groups, fits)
      if (fits) yield arn
    }
  }

  /** The same without those of some principals. */
  without(arns: ReadonlySet<string>): Footprints {
    if (arns.size === 0) return this
    const kept = new Footprints()
    for (const [arn, groups] of this.#groups) if (!arns.has(arn)) kept.#groups.set(arn, groups)
    for (const [name, groups] of this.#sets) kept.#sets.set(name, groups)
    for (const [group, number] of this.#numbers) kept.#numbers.set(group, number)
    return kept
  }
}

/**
 * The ARNs of the principals whose paths to an administrator a change may concern; undefined if that may be anyone. They are
 * those that the change is about, those that lead to an administrator as they did not before, and those whose searches came
 * to an actor that can reach one of these: other searches find what they found before.
 */
export function concernedBy(
  before: Shared,
  after: Shared,
  footprints: Footprints,
): ReadonlySet<string> | undefined {
  if (footprints.isEmpty) return undefined
  const { altered, arns } = alteredIn(before.neighbours, after.neighbours) ?? {}
  if (altered === undefined || arns === undefined) return undefined
  const isForChangers = [...after.neighbours.all].some((each) => hasOtherPowers(before, each))
  const isForMakers = [...after.neighbours.all].some(({ difference }) => difference?.hasOtherNames === true)
  const concerned = new Set(arns)
  if (altered.length === 0 && !isForChangers && !isForMakers) return concerned
  const options = { derived: false, retired: false }
  const prospects = [prospectsOf(before, options), prospectsOf(after, options)] as const
  // The groups were made anew.
  if (!prospects[1].hasGroupsOf(prospects[0])) return undefined
  const leading = [prospects[0].towards(undefined), prospects[1].towards(undefined)] as const
  const led = leading.map((each) => new Set([...each].map(({ arn }) => arn)))
  const anyway = new Set<Group>(prospects[1].grantedGroups())
  if (isForChangers) for (const group of prospects[1].groupsNaming('any change')) anyway.add(group)
  if (isForMakers)
    for (const { difference } of after.neighbours.all)
      for (const arn of [...(difference?.policies ?? []), ...arns])
        for (const group of prospects[1].groupsNaming('make', arn)) anyway.add(group)
  const both: { readonly hold: ReadonlySet<Group>; readonly change: ReadonlySet<Group> }[] = []
  const isNew = ({ arn }: Principal): boolean => led[0]?.has(arn) === false && !arns.has(arn)
  const more = [...leading[1]].filter(isNew)
  for (const { arn } of more) concerned.add(arn)
  if (more.length > newMost) return undefined
  for (const principal of [...altered, ...more]) {
    const reach = prospects[1].reaching(principal)
    if (reach === undefined) return undefined
    // A principal that leads to no administrator leads to one only if it is given something, and held as well.
    if (!led.some((each) => each.has(principal.arn))) both.push(reach)
    else for (const group of reach.hold) anyway.add(group)
  }
  const isReached = (groups: ReadonlySet<Group>): boolean =>
    meets(groups, anyway) || both.some(({ hold, change }) => meets(groups, hold) && meets(groups, change))
  for (const arn of footprints.restingOn(isReached)) concerned.add(arn)
  return concerned
}

/** More principals that come to lead to an administrator than this: everyone is asked. */
const newMost = 2_000

/** The principals that a change is about, as they were and as they are; undefined if that may be everyone. */
function alteredIn(
  before: Neighbours<Shared>,
  after: Neighbours<Shared>,
): { readonly altered: readonly Principal[]; readonly arns: ReadonlySet<string> } | undefined {
  const altered: Principal[] = []
  const arns = new Set<string>()
  for (const { world } of before.all) if (after.of(world.account) === undefined) return undefined
  for (const { world, altered: now, difference } of after.all) {
    const was = before.of(world.account)?.world
    if (was === undefined || now === undefined || difference === undefined) return undefined
    for (const principal of now) {
      altered.push(principal)
      arns.add(principal.arn)
    }
    for (const principal of difference.gone) {
      const isThere = world.users.has(principal.arn) || world.roles.has(principal.arn)
      if (isThere && !arns.has(principal.arn)) continue
      altered.push(principal)
      arns.add(principal.arn)
    }
  }
  return { altered, arns }
}

/** Whether policies or groups, which a changer may give to someone, allow or deny something else than before. */
function hasOtherPowers(before: Shared, after: Shared): boolean {
  const was = before.neighbours.of(after.world.account)
  const { difference } = after
  if (was === undefined || difference === undefined) return true
  const isPower = (document: Document): boolean =>
    hasDeny(document.policy.text) || after.classes.relevance.of(document).isPotent
  const powersOf = (each: IamGroup | ManagedPolicy | undefined): string => {
    if (each === undefined) return ''
    if ('attached' in each) {
      const powers = each.inline.filter(isPower).map(({ policy }) => policy.text)
      return powers.length + each.attached.length === 0 ? '' : JSON.stringify([each.attached, powers])
    }
    const powers = [...each.versions].filter(([, document]) => isPower(document))
    const ofVersions = powers.map(([version, { policy }]) => [version, policy.text])
    return powers.length === 0 ? '' : JSON.stringify([each.defaultVersion, each.versions.size, ofVersions])
  }
  const differ = (names: ReadonlySet<string>, kind: 'groups' | 'policies'): boolean =>
    [...names].some((name) => powersOf(was.world[kind].get(name)) !== powersOf(after.world[kind].get(name)))
  return differ(difference.groups, 'groups') || differ(difference.policies, 'policies')
}

function meets(one: ReadonlySet<Group>, other: ReadonlySet<Group>): boolean {
  if (one.size > other.size) return meets(other, one)
  for (const group of one) if (other.has(group)) return true
  return false
}
