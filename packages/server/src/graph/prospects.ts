import type { Technique } from '../authorization/catalogue/index.ts'
import { Among } from './among.ts'
import { requirementsOf } from './binding.ts'
import { isGranting } from './change-uses.ts'
import { Leads } from './leads.ts'
import type { Neighbours } from './neighbours.ts'
import { ended, fitting, type Pause } from './pieces.ts'
import { addLeads, anyThing, type Grants, type Group } from './prospect-group.ts'
import { freshAction, type Said } from './relevance.ts'
import { isUsable, lowered, type SearchOptions } from './search-options.ts'
import type { Shared } from './shared.ts'
import type { Person, Role, Thing } from './world.ts'
import { type WornKind, wornKindsOf } from './worn-kinds.ts'

/** Principals that may lead to a goal. */
export interface Leading {
  has(person: Person): boolean
}

/** The most goals whose answers are kept. */
const mostGoals = 50

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
  readonly #leads: Leads<Group>
  readonly #byFirstNeed: ReadonlyMap<string, readonly Technique[]>
  readonly #wornKinds: ReadonlyMap<string, readonly WornKind[]>
  /** Resources by the ARN of the role that they wear. */
  readonly #worn: Map<string, Thing[]>
  readonly #found = new Map<string, ReadonlySet<Person>>()
  #moved = 0
  #last = 0
  readonly #among = new Map<string, Among>()
  /** Of the sets that are kept. */
  readonly #sets = new WeakMap<Leading, { readonly number: number; readonly people: ReadonlySet<Person> }>()

  constructor(neighbours: Neighbours<Shared>, techniques: readonly Technique[], before?: Prospects) {
    this.#neighbours = neighbours
    if (before !== undefined) {
      this.#groups = before.#groups
      this.#leads = before.#leads
      this.#byFirstNeed = before.#byFirstNeed
      this.#wornKinds = before.#wornKinds
      this.#worn = before.#worn
      this.#moved = before.#moved
      return
    }
    this.#groups = new Map()
    this.#leads = new Leads()
    this.#byFirstNeed = Map.groupBy(techniques, ({ needs }) => lowered(needs[0]?.action ?? ''))
    this.#wornKinds = wornKindsOf(techniques)
    this.#worn = new Map()
  }

  /** Puts every principal into its group, in pieces. */
  *build(): Generator<Pause> {
    for (const shared of this.#neighbours.all) {
      let count = 0
      for (const _ of this.#place(shared, shared.index.people.all)) if (++count % peopleMost === 0) yield
      for (const thing of shared.world.inventory.things ?? []) {
        this.#wears(shared, thing)
        if (++count % peopleMost === 0) yield
      }
    }
  }

  /**
   * The same after a change that touches these principals. They also stay where they were: more lead to a goal than may,
   * none too few. Undefined if that has become too much.
   */
  changed(
    neighbours: Neighbours<Shared>,
    touched: ReadonlyMap<Shared, readonly Person[]>,
  ): Prospects | undefined {
    const after = new Prospects(neighbours, [], this)
    after.#before = this.#found
    for (const [shared, people] of touched) {
      after.#moved += people.length
      for (const entry of after.#place(shared, people)) after.#touched.push(entry)
    }
    return after.#moved > mostMoved ? undefined : after
  }

  /** The principals that may lead to another one, or to an administrator (of an account) if that is undefined. */
  towards(goal: Person | undefined, account?: string): ReadonlySet<Person> {
    return ended(this.towardsInPieces(goal, account))
  }

  /** The same in pieces, so that others have their turn. */
  *towardsInPieces(goal: Person | undefined, account?: string): Generator<Pause, ReadonlySet<Person>> {
    const prospects = this
    const name = goal?.arn ?? account ?? ''
    return yield* this.#kept(this.#found, name, function* () {
      const before = prospects.#before?.get(name)
      if (before !== undefined) return prospects.#numbered(yield* prospects.#extended(before))
      const ends = [...prospects.#groups.values()].filter(
        (group) =>
          group.isChanging ||
          (goal === undefined && group.allowsAnything && (account ?? group.account) === group.account),
      )
      const goals = [...(goal === undefined ? [] : [goal]), ...prospects.#granted()]
      return prospects.#numbered(yield* prospects.#search(ends, goals))
    })
  }

  /**
   * These principals, those that may lead to them, and those that may lead to one that may add to the Allows of something.
   * Undefined if that may be anyone: a resource wears one of the roles.
   */
  *through(people: readonly Person[]): Generator<Pause, ReadonlySet<Person> | undefined> {
    if (people.some(({ arn }) => this.#worn.has(arn))) return undefined
    const ends = [...this.#groups.values()].filter(({ isChanging }) => isChanging)
    return yield* this.#search(ends, [...people, ...this.#granted()])
  }

  /** The principals that may lead to one whose Allows a changer can add to; undefined if that may be any. */
  *towardsChangeable(
    { index, world }: Shared,
    { grants }: Said,
    techniques: readonly Technique[],
  ): Generator<Pause, ReadonlySet<Person> | undefined> {
    const prospects = this
    const heads = new Set<string>()
    let isAnyUser = false
    for (const technique of techniques) {
      if (!isGranting(technique)) continue
      if (technique.effect === 'writesPermissionSet') return undefined
      if (technique.effect === 'joinsGroup') isAnyUser = true
      for (const { action } of requirementsOf(technique))
        for (const each of grants) for (const head of each.get(lowered(action)) ?? []) heads.add(head)
    }
    if (heads.has('')) return undefined
    const name = `${world.account} changes ${isAnyUser} ${[...heads].sort().join()}`
    return yield* this.#kept(this.#found, name, function* () {
      const all = [...heads]
      const groups = new Set<Group>()
      const ends = new Set(index.people.startingWith(all))
      for (const { arn } of [...index.policies.startingWith(all), ...index.groups.startingWith(all)])
        for (const person of index.bearersOf(arn)) ends.add(person)
      if (isAnyUser)
        for (const group of prospects.#leads.ofAnyUser()) for (const each of group) groups.add(each)
      for (const person of prospects.#granted()) ends.add(person)
      const found = yield* prospects.#search(groups, ends)
      return prospects.#numbered(isAnyUser ? new Set([...found, ...index.users.all]) : found)
    })
  }

  /** The principals to which policies of resources allow something: they count as those that lead to every goal. */
  *#granted(): Generator<Person> {
    for (const { index } of this.#neighbours.all)
      if (!index.resourcePolicies.isEmpty)
        for (const person of index.people.all)
          if (index.resourcePolicies.actionsFor(person).length > 0) yield person
  }

  /**
   * The principals of an account that are in the last of some sets, in none of the others, and are an end of the goal if
   * one is given. Undefined if one of the sets was not found here.
   */
  *among(
    leading: readonly Leading[],
    { index, world }: Shared,
    end?: readonly [goal: string | undefined, isEnd: (person: Person) => boolean],
  ): Generator<Pause, Among | undefined> {
    const sets = leading.map((each) => this.#sets.get(each))
    const last = sets.at(-1)
    if (last === undefined || sets.includes(undefined)) return undefined
    const numbers = sets.map((each) => each?.number)
    const [goal, isEnd] = end ?? []
    return yield* this.#kept(this.#among, `${world.account} ${numbers.join()} ${goal ?? ''}`, function* () {
      const others = leading.slice(0, -1)
      const fits = (person: Person): person is Person =>
        person.account === world.account &&
        !others.some((each) => each.has(person)) &&
        isEnd?.(person) !== false
      const people: Person[] = []
      for (const person of fitting(last.people, fits))
        if (person === undefined) yield undefined
        else people.push(person)
      return new Among(index, people)
    })
  }

  *#kept<Found extends object>(
    known: Map<string, Found>,
    name: string,
    find: () => Generator<Pause, Found>,
  ): Generator<Pause, Found> {
    let found = known.get(name)
    if (found === undefined) {
      found = yield* find()
      if (known.size >= mostGoals) known.clear()
      known.set(name, found)
    }
    return found
  }

  #numbered(people: ReadonlySet<Person>): ReadonlySet<Person> {
    this.#sets.set(people, { number: ++this.#last, people })
    return people
  }

  /** Those that led to a goal before the change, and those that may because of it: every one that was touched and allows something. */
  *#extended(before: ReadonlySet<Person>): Generator<Pause, ReadonlySet<Person>> {
    const arns = new Set([...before].map(({ arn }) => arn))
    const more = this.#touched.filter(({ person, group }) => group.mayLead || arns.has(person.arn))
    const people = more.map(({ person }) => person)
    return yield* this.#search([], [...people, ...this.#granted()], before)
  }

  /** What the change has touched, and what was found before it. */
  readonly #touched: { readonly person: Person; readonly group: Group }[] = []
  #before: ReadonlyMap<string, ReadonlySet<Person>> | undefined;

  *#search(
    ends: Iterable<Group>,
    goals: Iterable<Person>,
    before: ReadonlySet<Person> = new Set(),
  ): Generator<Pause, ReadonlySet<Person>> {
    const found = new Set<Person>(goals)
    const groups = new Set<Group>()
    const add = (group: Group): void => {
      if (groups.has(group)) return
      groups.add(group)
      for (const person of group.members) if (!before.has(person)) found.add(person)
    }
    for (const end of ends) add(end)
    const seen = new Set<readonly Group[]>()
    // What is added while it is walked is walked as well; what was found before was walked before.
    let count = 0
    for (const person of found) {
      if (++count % peopleMost === 0) yield undefined
      for (const like of this.#leadingTo(person)) {
        if (seen.has(like)) continue
        seen.add(like)
        for (const group of like) add(group)
      }
      if (person.type !== 'role') continue
      for (const caller of this.#callersNamedBy(person)) {
        if (caller === 'anybody') return this.#everybody()
        if (!before.has(caller)) found.add(caller)
      }
    }
    return before.size === 0 ? found : new Set([...before, ...found])
  }

  #everybody(): ReadonlySet<Person> {
    return new Set([...this.#neighbours.all].flatMap(({ index }) => index.people.all))
  }

  /** The principals that the trust policy of a role names one by one; `anybody` if it names anybody. */
  *#callersNamedBy(role: Role): Generator<Person | 'anybody'> {
    const own = this.#neighbours.of(role.account)
    for (const key of own?.index.namedBy(role) ?? []) {
      if (key === 'anybody') yield key
      else {
        const person = this.#neighbours.person(key)
        if (person !== undefined) yield person
        else for (const { index } of this.#neighbours.all) yield* index.named(key)
      }
    }
  }

  /** The groups whose Allows name a principal, or what wears it. */
  *#leadingTo(person: Person): Generator<readonly Group[]> {
    const leads = this.#leads
    const { arn } = person
    if (person.type === 'user') {
      yield* leads.ofUser(arn)
      return
    }
    const shared = this.#neighbours.of(person.account)
    if (shared === undefined) return
    const { index, world } = shared
    yield* leads.ofRole(arn)
    const { services, accounts, providers } = index.trustedBy(person)
    if (accounts.length > 0)
      for (const groups of leads.named('assume', arn))
        if (groups.some(({ account }) => accounts.includes(account))) yield groups
    for (const service of services) yield* leads.named(`pass ${service}`, arn)
    yield* leads.named('pass', arn)
    for (const provider of providers)
      yield* leads.named(provider.includes(':saml-provider/') ? 'saml' : 'oidc', '')
    yield* leads.named('reserved', '')
    const { things, listed } = world.inventory
    if (things === undefined || listed !== undefined) {
      for (const service of services) yield* leads.named(`wears ${service}`, '')
      yield* leads.named('wears', '')
    }
    for (const thing of this.#worn.get(person.arn) ?? [])
      for (const { kind, action } of this.#wornKinds.get(thing.type) ?? [])
        yield* leads.named(kind, action === '' || shared.takes(action, thing) ? thing.arn : anyThing)
  }

  #wears({ index }: Shared, thing: Thing): void {
    const role = index.roleOf(thing.role)
    if (role === undefined) return
    const things = this.#worn.get(role.arn)
    if (things === undefined) this.#worn.set(role.arn, [thing])
    else things.push(thing)
  }

  /** Puts principals into their groups. */
  *#place(
    shared: Shared,
    people: readonly Person[],
  ): Generator<{ readonly person: Person; readonly group: Group }> {
    const { classes, world } = shared
    const groups = new Map<number, Group>()
    for (const person of people) {
      const of = classes.of(person)
      let group = groups.get(of)
      if (group === undefined) {
        group = this.#groupOf(shared, world.account, classes.saidBy(person))
        groups.set(of, group)
        shared.abilities.learnAnything(of, group.allowsAnything)
      }
      group.members.push(person)
      yield { person, group }
    }
  }

  #groupOf(shared: Shared, account: string, said: Said): Group {
    const key = `${account} ${said.name}`
    let group = this.#groups.get(key)
    if (group === undefined) {
      const allowsAnything = said.grants.some((each) => each.has(lowered(freshAction)))
      const mayLead = said.grants.length > 0
      group = { account, members: [], isChanging: false, mayLead, allowsAnything }
      this.#groups.set(key, group)
      this.#register(shared, group, said.grants)
    }
    return group
  }

  #register(shared: Shared, group: Group, grants: Grants): void {
    if (grants.length === 0) return
    const allowed = new Set(grants.flatMap((each) => [...each.keys()]))
    for (const action of ['', ...allowed])
      for (const technique of this.#byFirstNeed.get(action) ?? [])
        if (isUsable(technique, allowed))
          addLeads(
            { leads: this.#leads, world: shared.world, isAlone: this.#neighbours.isAlone },
            group,
            technique,
            grants,
          )
  }
}

/** After so many principals, others may have their turn. */
const peopleMost = 100

const known = new WeakMap<Neighbours<Shared>, Map<string, Prospects>>()

/** Those of the accounts in view. */
export function prospectsOf(shared: Shared, options: SearchOptions): Prospects {
  return ended(prospectsInPieces(shared, options))
}

/** The same in pieces, so that others have their turn. */
export function* prospectsInPieces(shared: Shared, options: SearchOptions): Generator<Pause, Prospects> {
  const { neighbours } = shared
  const name = `${options.derived} ${options.retired}`
  const all = known.get(neighbours) ?? new Map<string, Prospects>()
  let prospects = all.get(name)
  if (prospects === undefined) {
    prospects = new Prospects(neighbours, shared.techniques(options))
    yield* prospects.build()
    known.set(neighbours, all.set(name, prospects))
  }
  return prospects
}

/** Keeps what is known after a change of accounts. */
export function keepProspects(before: Neighbours<Shared>, after: Neighbours<Shared>): void {
  const kept = new Map<string, Prospects>()
  const touched = new Map<Shared, readonly Person[]>()
  for (const shared of after.all) {
    if (shared.touched === undefined || before.of(shared.world.account) === undefined) return
    touched.set(shared, shared.touched)
  }
  for (const [name, prospects] of known.get(before) ?? []) {
    const next = prospects.changed(after, touched)
    if (next !== undefined) kept.set(name, next)
  }
  known.set(after, kept)
}
