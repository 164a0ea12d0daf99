import type { Technique } from '../../authorization/catalogue/index.ts'
import { furtherServicesOf } from '../proof/further-role.ts'
import type { Said } from '../relevance/relevance.ts'
import { callsSaid, type Ends, isOfAnyUser, lowered } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { requirementsOf } from '../request/binding.ts'
import type { Variant } from '../request/variant.ts'
import { isGranting } from '../use/change-uses.ts'
import { ownSubjects } from '../use/search-parts.ts'
import { keptIn, valueIn } from '../world/lists.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { isIn, type Principal } from '../world/world.ts'
import { Approaches } from './approaches.ts'
import { changingAmong, newGroup, readMoreTags } from './new-group.ts'
import { addBegun, type Begun, Partnering, withoutActions } from './partnering.ts'
import { addChanges, addLeads, type Group, type LeadKind } from './prospect-group.ts'
import { UsedTechniques } from './used-techniques.ts'
import { workloadKindsOf } from './workload-kinds.ts'

/** A principal and its group. */
interface Placed {
  readonly principal: Principal
  readonly group: Group
}

/** Principals that may lead to a goal. */
export interface Leading {
  has(principal: Principal): boolean
}

/** The most answers that are kept. */
const mostFound = 50

/** Principals that changes have moved to other groups, after which the groups are made again. */
const mostMoved = 50_000

/**
 * Which principals may lead to a goal, as far as the Allows of their identity policies say: conditions, Denys, boundaries,
 * facts and the second half of each step are left out, so none is missing. What only lifts a limit or writes a tag changes
 * nothing of this. A principal that may add to the Allows of something counts as one that leads to every goal.
 */
export class Prospects {
  readonly #neighbours: Neighbours<Shared>
  readonly #groups: Map<string, Group>
  readonly #approaches: Approaches
  readonly #partnering: Partnering
  readonly #techniques: UsedTechniques
  readonly #found = new Map<string, ReadonlySet<Principal>>()
  #moved = 0

  constructor(neighbours: Neighbours<Shared>, techniques: readonly Technique[], before?: Prospects) {
    this.#neighbours = neighbours
    if (before !== undefined) {
      this.#groups = before.#groups
      this.#approaches = before.#approaches
      this.#partnering = before.#partnering
      this.#techniques = before.#techniques
      this.#moved = before.#moved
      return
    }
    this.#groups = new Map()
    this.#partnering = new Partnering()
    this.#techniques = new UsedTechniques(techniques)
    this.#approaches = new Approaches(workloadKindsOf(techniques))
    for (const shared of neighbours.all) {
      this.#place(shared, shared.index.principals.all)
      for (const resource of shared.world.inventory.resources ?? [])
        this.#approaches.noteRole(shared, resource)
    }
  }

  /**
   * The same after a change that touches these principals. They also stay where they were: more lead to a goal than may,
   * none too few. Undefined if that has become too much.
   */
  changed(
    neighbours: Neighbours<Shared>,
    touched: ReadonlyMap<Shared, readonly Principal[]>,
  ): Prospects | undefined {
    if (readMoreTags(touched.keys(), this.#neighbours)) return undefined
    const after = new Prospects(neighbours, [], this)
    after.#before = this.#found
    for (const [shared, principals] of touched) {
      after.#moved += principals.length
      for (const placed of after.#place(shared, principals)) after.#touched.push(placed)
      for (const each of shared.difference?.gone ?? []) after.#gone.add(each)
      const before = this.#neighbours.of(shared.world.account)
      const made = principals.filter(
        ({ arn, type }) => type === 'role' && before?.world.roles.has(arn) !== true,
      )
      const arns = new Set(made.map(({ arn }) => arn))
      if (arns.size === 0) continue
      for (const resource of shared.world.inventory.resources ?? [])
        if (arns.has(shared.index.roleOf(resource.role)?.arn ?? ''))
          this.#approaches.noteRole(shared, resource)
    }
    return after.#moved > mostMoved ? undefined : after
  }

  /** Principals of the world before the change that are no longer there, or are others now. */
  readonly #gone = new Set<Principal>()

  /**
   * The principals that may lead to another one, or to an administrator (of an account) if that is undefined. Those that lead
   * to the goal without a change come first, the nearest before others.
   */
  towards(goal: Principal | undefined, account?: string): ReadonlySet<Principal> {
    const name = goal?.arn ?? account ?? ''
    return keptIn(this.#found, name, mostFound, () => {
      const before = this.#before?.get(name)
      if (before !== undefined && !isEverybody.has(before)) return this.#extended(before)
      const groups = [...this.#groups.values()]
      const isEnd = (group: Group): boolean =>
        goal === undefined && group.allowsAnything && (account ?? group.account) === group.account
      return this.#towardsAny(groups.filter(isEnd), goal === undefined ? [] : [goal])
    })
  }

  /** The principals that may lead to one of some ends, and those that may be one. */
  towardsEnds(ends: Ends): ReadonlySet<Principal> {
    return keptIn(this.#found, ends.name, mostFound, () => {
      const all = [...this.#neighbours.all].flatMap(({ index }) => index.principals.all)
      const whole = [...this.#groups.values()].filter(({ allowsAnything }) => allowsAnything)
      return this.#towardsAny(
        whole,
        all.filter((principal) => ends.mayBe(principal)),
      )
    })
  }

  /** The principals that may lead to some groups or principals; last those that do because they may change something. */
  #towardsAny(ends: readonly Group[], goals: readonly Principal[]): ReadonlySet<Principal> {
    const alone = changingAmong([...this.#groups.values()], this.#neighbours)
    const changing = [...alone, ...this.#partnering.changing()]
    return this.#search(ends, [...goals, ...this.#granted()], new Set(), changing)
  }

  /** Whether the groups of other prospects are also those of these. */
  hasGroupsOf(others: Prospects): boolean {
    return this.#groups === others.#groups
  }

  /** The group of an actor, whatever it has been given: of what its policies allow within its boundary and SCPs. */
  groupOf(shared: Shared, actor: Actor): Group {
    const { variant } = actor
    return valueIn(this.#ofVariants, variant, () =>
      this.#groupOf(shared, shared.world.account, shared.saidWithin(actor)),
    )
  }

  readonly #ofVariants = new WeakMap<Variant, Group>()

  /**
   * The principals that may come to hold a principal, or may give it something. Undefined if that may be anyone.
   */
  reaching(
    principal: Principal,
  ): { readonly hold: ReadonlySet<Group>; readonly change: ReadonlySet<Group> } | undefined {
    const hold = new Set<Group>()
    const change = new Set<Group>()
    for (const groups of this.#approaches.leadingTo(this.#neighbours, principal))
      for (const group of groups) hold.add(group.begins?.whole ?? group)
    const shared = this.#neighbours.of(principal.account)
    if (shared === undefined) return undefined
    if (principal.type === 'role') {
      for (const caller of this.#approaches.callersNamedBy(this.#neighbours, principal)) {
        if (caller === 'anybody') return undefined
        const own = this.#neighbours.of(caller.account)
        if (own !== undefined) hold.add(this.#groupAsIs(own, caller))
      }
      const { services } = shared.index.trustedBy(principal)
      if (furtherServicesOf(shared.table).some((service) => services.includes(service)))
        for (const group of this.groupsNaming('further role')) hold.add(group)
    }
    for (const arn of ownSubjects(shared.world, principal))
      for (const group of this.groupsNaming('change', arn)) change.add(group)
    if (principal.type === 'user') for (const group of this.groupsNaming('join')) change.add(group)
    return { hold, change }
  }

  /** The groups that lead to an ARN by a kind of lead. */
  *groupsNaming(kind: LeadKind, arn = ''): Generator<Group> {
    for (const groups of this.#approaches.leads.named(kind, arn)) yield* groups
  }

  /** The groups of the principals to which policies of resources allow something. */
  *grantedGroups(): Generator<Group> {
    for (const principal of this.#granted()) {
      const own = this.#neighbours.of(principal.account)
      if (own !== undefined) yield this.#groupAsIs(own, principal)
    }
  }

  #groupAsIs(shared: Shared, principal: Principal): Group {
    return this.groupOf(shared, { variant: shared.policySets.variant(principal, []), form: 'service' })
  }

  /** The principals that may lead to one whose Allows a changer can add to; undefined if that may be any. */
  towardsChangeable(
    { index, world }: Shared,
    { grants }: Said,
    techniques: readonly Technique[],
  ): ReadonlySet<Principal> | undefined {
    const heads = new Set<string>()
    let isAnyUser = false
    for (const technique of techniques) {
      if (!isGranting(technique)) continue
      if (technique.effect === 'writesPermissionSet') return undefined
      if (isOfAnyUser(technique)) isAnyUser = true
      for (const { action } of requirementsOf(technique))
        for (const each of grants) for (const head of each.get(lowered(action)) ?? []) heads.add(head)
    }
    if (heads.has('')) return undefined
    const name = `${world.account} changes ${isAnyUser} ${[...heads].sort().join()}`
    return keptIn(this.#found, name, mostFound, () => {
      const all = [...heads]
      const groups = new Set<Group>()
      const ends = new Set([...index.roles.startingWith(all), ...index.users.startingWith(all)])
      for (const { arn } of [...index.policies.startingWith(all), ...index.groups.startingWith(all)])
        for (const principal of index.bearersOf(arn)) ends.add(principal)
      const seen = new Set<readonly Group[]>()
      if (isAnyUser)
        for (const group of this.#approaches.leads.ofAnyUser()) {
          seen.add(group)
          for (const each of group) groups.add(each)
        }
      for (const principal of this.#granted()) ends.add(principal)
      const found = this.#search(groups, ends, new Set(), [], seen, isAnyUser)
      return isAnyUser ? new Set([...found, ...index.users.all]) : found
    })
  }

  /**
   * The principals to which policies of resources allow something, and those that may make the calls after that: they count
   * as those that lead to every goal.
   */
  *#granted(): Generator<Principal> {
    for (const { index, world } of this.#neighbours.all) {
      if (index.resourcePolicies.isEmpty) continue
      const granted = new Set<string>()
      for (const principal of index.principals.all) {
        const actions = index.resourcePolicies.actionsFor(principal)
        for (const action of actions) granted.add(action)
        if (actions.length > 0) yield principal
      }
      for (const group of this.#partnering.endsAfter(world.account, [...granted], this.#techniques.all))
        for (const principal of group.members) if (this.#isHere(principal)) yield principal
    }
  }

  /** The principals that led to a goal before the change, or may because of it: those touched that allow something. */
  #extended(before: ReadonlySet<Principal>): ReadonlySet<Principal> {
    const arns = new Set<string>()
    const kept = new Set<Principal>()
    for (const principal of before) {
      arns.add(principal.arn)
      if (!this.#gone.has(principal)) kept.add(principal)
    }
    // A trust policy may have named a principal before it was there.
    const isNamed = (principal: Principal): boolean =>
      [
        ...(this.#neighbours.of(principal.account)?.index.namingPrincipal(principal) ?? []),
        ...this.#neighbours.naming(principal),
      ].some(({ arn }) => arns.has(arn))
    const more = this.#touched.filter(
      ({ principal, group }) => group.mayLead || arns.has(principal.arn) || isNamed(principal),
    )
    const principals = more.map(({ principal }) => principal)
    const ends = more.flatMap(({ group }) => [...this.#partnering.endsOfAll(group)])
    return this.#search(ends, [...principals, ...this.#granted()], kept, this.#partnering.changing())
  }

  /** The principals that the change touched, with their groups before it. */
  readonly #touched: Placed[] = []
  #before: ReadonlyMap<string, ReadonlySet<Principal>> | undefined

  #search(
    ends: Iterable<Group>,
    goals: Iterable<Principal>,
    before: ReadonlySet<Principal> = new Set(),
    later: Iterable<Group> = [],
    seen = new Set<readonly Group[]>(),
    hasUsers = false,
  ): ReadonlySet<Principal> {
    const found = new Set<Principal>(goals)
    const groups = new Set<Group>()
    const walkedEnds = new Set<string>()
    const add = (group: Group): void => {
      if (groups.has(group)) return
      groups.add(group)
      for (const end of this.#partnering.endsOf(group, walkedEnds)) add(end)
      for (const principal of group.members)
        if (!before.has(principal) && this.#isHere(principal)) found.add(principal)
    }
    let walked = 0
    for (const more of [ends, later]) {
      for (const end of more) add(end)
      let place = 0
      // A principal that is added during the walk is walked as well; one that was found before was walked before.
      for (const principal of found) {
        if (++place <= walked) continue
        walked = place
        if (hasUsers && principal.type === 'user') continue
        for (const like of this.#approaches.leadingTo(this.#neighbours, principal)) {
          if (seen.has(like)) continue
          seen.add(like)
          for (const group of like) add(group)
        }
        if (principal.type !== 'role') continue
        for (const caller of this.#approaches.callersNamedBy(this.#neighbours, principal)) {
          if (caller === 'anybody') return this.#everybody()
          if (!before.has(caller)) found.add(caller)
        }
      }
    }
    return before.size === 0 ? found : new Set([...before, ...found])
  }

  /** Whether a member of a group is a principal as it is now. */
  #isHere(principal: Principal): boolean {
    if (this.#moved === 0) return true
    const world = this.#neighbours.of(principal.account)?.world
    return world !== undefined && isIn(world, principal)
  }

  #everybody(): ReadonlySet<Principal> {
    const found = new Set([...this.#neighbours.all].flatMap(({ index }) => index.principals.all))
    isEverybody.add(found)
    return found
  }

  /** Puts principals into their groups. */
  #place(shared: Shared, principals: readonly Principal[]): readonly Placed[] {
    const { classes, world } = shared
    const groups = new Map<number, Group>()
    return principals.map((principal) => {
      const group = valueIn(groups, classes.of(principal), () =>
        this.#groupOf(shared, world.account, classes.saidBy(principal)),
      )
      group.members.push(principal)
      return { principal, group }
    })
  }

  #groupOf(shared: Shared, account: string, said: Said): Group {
    const key = `${account} ${said.name}`
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = newGroup(shared, account, said)
      this.#groups.set(key, group)
      this.#register(shared, group, said)
    }
    return group
  }

  #register(shared: Shared, group: Group, { grants, doubted }: Said): void {
    if (grants.length === 0) return
    const allowed = new Set(grants.flatMap((each) => [...each.keys()]))
    const account = { leads: this.#approaches.leads, shared, isAlone: this.#neighbours.isAlone }
    const sure = withoutActions(grants, doubted)
    const { usable, possible } = this.#techniques.of(allowed)
    const calls = callsSaid(grants, allowed, doubted)
    const begun: Begun = new Map()
    for (const technique of possible) addBegun(begun, technique, calls, grants, sure)
    for (const technique of usable) addLeads(account, group, technique, grants)
    addChanges(account, group, usable, grants)
    this.#partnering.note(account, group, { usable, begun, allowed, grants, sure })
  }
}

/** Sets that have everybody, because a trust policy names anybody. */
const isEverybody = new WeakSet<ReadonlySet<Principal>>()
