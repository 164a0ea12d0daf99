import type { Outline } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import { type Carried, carriedName } from '../request/carried.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import { type Changer, Expanded, type Task, type TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Principal } from '../world/world.ts'
import { Administrators, actorName } from './administrators.ts'
import { Changers } from './changers.ts'
import { crossFrom } from './crossing.ts'
import { Demands } from './demands.ts'
import type { Forks } from './forks.ts'
import { Giving } from './giving.ts'
import type { Held } from './holdings.ts'
import { Opening } from './opening.ts'
import { Partners } from './partners.ts'
import { Resources } from './reached-resources.ts'
import { Recording } from './recording.ts'
import type { Common, Round } from './round.ts'
import { SetAside } from './set-aside.ts'
import { Stages } from './stages.ts'
import { Standing } from './standing.ts'
import type { State } from './state.ts'
import { Supporting } from './supporting.ts'
import type { Asking, Found, Supported } from './supports.ts'
import { known, tryUses } from './try-uses.ts'

/**
 * The search of one state: all that the attacker comes to hold there, and all changes that can be made. What was found in the
 * states before it holds as well, so only that is looked at which the change that led to the state concerns.
 */
export class Exploration implements Round {
  readonly common: Common
  readonly state: State
  readonly expanded = new Expanded()
  readonly aside: SetAside
  readonly standing: Standing
  readonly #forks: Forks
  readonly #before: Exploration | undefined
  /** The number of facts that held in the states before it when it was begun. */
  readonly #sizeBefore: number
  readonly #tasks = new Set<Task>()
  readonly #queued = new Set<string>()
  readonly #stages = new Stages()
  readonly #concerned = new Set<Held>()
  readonly #supporting: Supporting
  readonly #recording: Recording
  readonly #administrators: Administrators
  readonly changers: Changers
  readonly demands: Demands
  readonly resources: Resources
  readonly opening: Opening
  readonly giving: Giving
  readonly partners: Partners
  #widenings: number
  #isBegun = false

  constructor(common: Common, forks: Forks, state: State, before?: Exploration) {
    this.common = common
    this.#forks = forks
    this.state = state
    this.#before = before
    this.aside = new SetAside(common.graph, common.leftOut.has('aside'))
    this.#sizeBefore = state.before?.total ?? 0
    this.#widenings = common.sides.widenings
    this.standing = new Standing(state, common)
    this.#supporting = new Supporting(this)
    this.#recording = new Recording(this, {
      hold: ({ principal, form, carried }) => this.#hold(principal, form, carried),
      make: (change) => this.#make(change),
      fork: (change, way) => forks.add(state, change, way),
    })
    this.#administrators = new Administrators(this)
    this.changers = new Changers(this, before?.changers)
    this.demands = new Demands(this, before?.demands)
    this.resources = new Resources(this, before?.resources)
    this.opening = new Opening(this, before?.opening)
    this.giving = new Giving(this)
    this.partners = new Partners(this, this.giving, (changer) => this.#register(changer), before?.partners)
  }

  /** Whether more holds in the states before it than when it was begun, so that it must be begun anew. */
  get isOutdated(): boolean {
    return (this.state.before?.total ?? 0) > this.#sizeBefore
  }

  /** Whether there is something to do. */
  get isOpen(): boolean {
    if (!this.#isBegun || this.#tasks.size + this.#concerned.size > 0) return true
    return this.#widenings < this.common.sides.widenings || this.changers.isBehind || this.demands.isBehind
  }

  /** Begins with a principal. */
  start(principal: Principal, form: Form): void {
    this.#isBegun = true
    this.changers.beginAt(principal)
    this.#hold(principal, form, undefined, true)
  }

  /** Takes the others of an account into account, who make calls of others’ steps only. */
  offer(from: Principal, without: ReadonlySet<string>): Iterable<Actor> {
    return this.partners.offer(from, without, this.common.goal)
  }

  /** Does all that there is to do. */
  run(): void {
    if (!this.#isBegun) this.#begin()
    this.#isBegun = true
    do {
      if (this.#widenings < this.common.sides.widenings) this.#repeat(this.#widenings + 1)
      this.#look()
      for (const task of this.#tasks) {
        this.#tasks.delete(task)
        task()
        this.#look()
        this.common.sides.budget.step()
      }
    } while (this.isOpen)
    this.#forks.takeOver(this.state, (actor) => this.isValid(actor))
  }

  /** Looks at what the change that led to this state concerns. */
  #begin(): void {
    const { change, before } = this.state
    const { holdings } = this.common
    if (change === undefined || before === undefined) return
    holdings.change(change)
    const isNew = (held: Held): boolean =>
      this.state.hasOwn(held.name) ||
      (this.state.factOf(held.name) !== undefined &&
        actorName({ variant: holdings.variantIn(before, held), form: held.form }) !==
          actorName({ variant: holdings.variantIn(this.state, held), form: held.form }))
    for (const held of holdings.all()) if (isNew(held)) this.#concerned.add(held)
    for (let at: Exploration = this; at.#before !== undefined; at = at.#before) {
      const { change } = at.state
      if (change === undefined) continue
      // After an earlier change: those who are as they were before it, and were not in the state before.
      const isConcerned = (actor: Actor): boolean =>
        this.isValid(actor) && (at === this || this.#before?.isValid(actor) !== true)
      this.demands.begin(change, isConcerned)
      this.opening.begin(change.arn, isConcerned)
      this.changers.begin(change, isConcerned)
    }
  }

  /** Looks at what has changed and what has come to matter, all of a task together. */
  #look(): void {
    const concerned = [...this.#concerned]
    this.#concerned.clear()
    for (const held of concerned) this.#enqueue(held)
    if (this.demands.isBehind) this.demands.look()
    this.changers.propose()
  }

  push(task: Task): void {
    this.#tasks.add(task)
  }

  factsOf(actor: Actor): readonly string[] {
    return this.before(actor, this.#stages.neededBy(actor))
  }

  before(actor: Actor, changes: readonly Change[], more?: readonly string[]): readonly string[] {
    return this.standing.before(actor, changes, more)
  }

  readonly isValid = (actor: Actor): boolean => this.standing.isValid(actor)

  wantsBlocked(): boolean {
    const { goal, options, target } = this.common
    if (this.state.before !== undefined || goal === undefined) return false
    if (options.known !== undefined || options.ends) return false
    return goal !== 'administrator' || target.cost() === undefined
  }

  isBeyond(facts: readonly string[]): boolean {
    const { goal, sides, target } = this.common
    return goal === undefined && sides.isAlone && target.isAdministrator(facts)
  }

  isTight(actor: Actor): boolean {
    const isTight = this.common.target.isTight(this.factsOf(actor))
    if (isTight) this.cut(actor)
    return isTight
  }

  cut(actor: Actor): void {
    this.cutAt(actor, this.factsOf(actor))
  }

  cutAt(actor: Actor, facts: readonly string[]): void {
    this.aside.cut(actor, facts, () => {
      this.push(() => this.#expand(actor))
    })
  }

  /** Holds a principal from this state on. */
  #hold(principal: Principal, form: Form, carried?: Carried, isStart = false): void {
    const { holdings, target, options, sides, goal } = this.common
    const held = holdings.hold(principal, form, carried, isStart)
    const isThere = this.state.hasOwn(held.name)
    this.state.add(held.name)
    const fact = this.state.nameOf(held.name)
    if (principal.arn === goal) target.add(fact)
    if (isThere) return
    const isFirst = this.state.before === undefined
    if (isFirst && !isStart && target.follow(fact, options.known)) sides.footprint.followed.add(principal.arn)
    // Whether a principal that can do the same is searched already.
    const key = `${sides.classOf(principal)} ${sides.formKey(principal, form)} ${carriedName(held.carried)}`
    const again = () => this.#takeUp(held)
    const isLike =
      principal.arn !== goal &&
      this.aside.isLikeSearched({ held, isChanged: false, facts: [fact], key, again })
    if (!isLike) this.changers.takeUp(principal)
    this.#enqueue(held, isLike)
  }

  /** Has searched after all what was held more surely than what is like it. */
  #takeUp(held: Held): void {
    this.changers.takeUp(held.principal)
    const actor = this.#actorOf(held)
    this.#queued.delete(actorName(actor))
    this.#stages.remove(this.#supporting.partsOf(actor).plain)
    this.#concerned.add(held)
  }

  #actorOf(held: Held): Actor {
    return { variant: this.common.holdings.variantIn(this.state, held), form: held.form }
  }

  /** Queues what is held as it is now, unless something alike is searched. */
  #enqueue(held: Held, isLike = false): void {
    const { goal, sides } = this.common
    const actor = this.#actorOf(held)
    const name = actorName(actor)
    if (this.#queued.has(name)) return
    this.#queued.add(name)
    this.#administrators.visit(actor)
    const { changes, principal } = actor.variant
    if (isLike && changes.length === 0) return
    if (changes.length > 0 && principal.arn !== goal) {
      const facts = this.factsOf(actor)
      const all = this.before(actor, this.#freeOf(actor))
      const key = sides.likenessOf(actor)
      const again = () => this.#queue(this.#actorOf(held))
      if (this.aside.isLikeSearched({ held, isChanged: true, facts, all, key, again })) return
    }
    this.#queue(actor)
  }

  #queue(actor: Actor): void {
    this.#latest.set(heldAs(actor), actorName(actor))
    this.push(() => this.#expand(actor))
  }

  /** Whether nothing that is held is queued with further changes since. One that is like it is not queued. */
  #isCurrent(actor: Actor): boolean {
    if (actor.helpers !== undefined) return this.standing.isLatest(actor)
    return this.isValid(actor) && this.#latest.get(heldAs(actor)) === actorName(actor)
  }

  /** The names of the actors that were queued last, by what is held. */
  readonly #latest = new Map<string, string>()

  /** The changes of an actor that only add something. */
  #freeOf({ variant }: Actor): readonly Change[] {
    return variant.applied.filter((change) => !this.state.isTaking(change))
  }

  #expand(actor: Actor): void {
    const free = this.#freeOf(actor)
    if (!this.#isCurrent(actor)) {
      // A fact that others rest on was not searched to its end.
      if (this.#stages.has(actor) && this.isValid(actor)) this.#search(actor, free)
      return
    }
    if (actor.helpers !== undefined) {
      this.partners.use(actor)
      return
    }
    // Uses without its changes need fewer steps, and are searched first, unless another actor has the same.
    if (free.length > 0 && !this.#stages.hasLess(actor, free)) {
      const { plain } = this.#supporting.partsOf(actor)
      const held = this.common.holdings.get(heldAs(actor))
      if (held === undefined || !this.aside.isAside(held)) this.#search(plain, [])
      else {
        this.#stages.add(plain)
        this.partners.visit(plain)
      }
    }
    this.#search(actor, free)
  }

  #search(actor: Actor, free: readonly Change[]): void {
    const { sides, target, options, goal } = this.common
    this.#stages.begin(actor, free)
    const facts = this.factsOf(actor)
    if (sides.endsIn(actor.variant.principal.account) && this.#administrators.is(actor)) return
    sides.note(actor)
    const isChanged = actor.variant.changes.length > 0
    if (target.isBeaten(facts) || (isChanged && this.isBeyond(facts))) {
      this.cut(actor)
      return
    }
    if (
      free.length > 0 &&
      this.#stages.hasLess(actor, free) &&
      (!free.some((change) => this.#supporting.counts(actor, change)) || this.#supporting.givesNothing(actor))
    )
      return
    this.#stages.add(actor)
    const waysBefore = target.ways()
    const isAdministrator = this.#administrators.is(actor)
    if (isAdministrator && sides.isOut(actor)) {
      crossFrom(actor, this, waysBefore)
      return
    }
    const to = goal === undefined ? undefined : sides.principal(goal)
    // A use that gives the goal at once is the shortest path.
    const isDirect = options.isFirst === true && actor.variant.isStart === true && to !== undefined
    if (isDirect || (isAdministrator && goal !== undefined)) {
      this.giving.tryAll(actor, to, waysBefore)
      if (isAdministrator ? target.cost() !== undefined : target.isProven) return
    }
    for (const each of [this.opening, this.partners, this.resources]) each.visit(actor)
    this.#register(this.changers.of(actor))
    this.expanded.add(actor)
    // One that may do anything leads to everyone: what its changes give comes first, and mostly is enough.
    if (goal !== undefined && sides.allowsAnything(actor.variant.principal))
      this.push(() => this.#expandAgain(actor, 0))
    else this.giving.tryAll(actor, undefined, waysBefore)
  }

  /** Tries what has come to count since an actor was searched. */
  #expandAgain(actor: Actor, since: number): void {
    if (!this.isValid(actor)) return
    if (actor.helpers !== undefined) this.partners.use(actor, since)
    else this.giving.tryAll(actor, undefined, this.common.target.ways(), since)
  }

  /** Has an actor change what it can. */
  #register(changer: Changer): void {
    const { actor, techniques, barred } = changer
    if (techniques.length + barred.length === 0) return
    this.changers.add(changer)
    this.#look()
    if (this.common.sides.widen(changer)) this.#repeat(this.common.sides.widenings)
    if (!this.expanded.has(actor)) this.demands.addChanger(changer)
  }

  /** Looks again at the actors whose uses lead further because of what a changer can add to. */
  #repeat(since: number): void {
    this.#widenings = this.common.sides.widenings
    for (const actor of this.expanded.toRepeat())
      this.push(() => this.expanded.repeat(actor, () => this.#expandAgain(actor, since)))
  }

  tryUses(actor: Actor, uses: Iterable<OwnUse>, options: TryOptions): boolean {
    const { common, state } = this
    const facts = this.factsOf(actor)
    const use = (own: OwnUse) => (this.isKnown(actor, own) ? known : this.use(actor, own))
    return tryUses(uses, { ...options, ...common.sides.limitsOf(actor), common, state, facts, use })
  }

  use(actor: Actor, own: OwnUse): Outline | undefined {
    if (this.isKnown(actor, own)) return undefined
    const finding = this.record(actor, own)
    if (finding?.verdict === 'proven' || actor.helpers !== undefined) return finding
    const entry = { actor, own, finding }
    this.partners.add(entry)
    this.demands.add(entry)
    this.resources.add(entry)
    if (own.technique.effect === 'writesTrust' && own.use.outcome.is === 'held') this.opening.add(entry)
    return finding
  }

  isKnown = (actor: Actor, own: OwnUse): boolean => this.#recording.isKnown(actor, own)

  record = (actor: Actor, own: OwnUse): Outline | undefined => this.#recording.record(actor, own)

  supports<Each extends Found>(actor: Actor, asking: Asking<Each>): Generator<Supported<Each>> {
    return this.#supporting.of(actor, asking)
  }

  /** Makes a change within this state. */
  #make(change: Change): void {
    const { holdings } = this.common
    if (this.state.hasOwn(changeName(change))) return
    this.state.make(change)
    holdings.change(change)
    for (const held of holdings.about(change.arn)) {
      if (this.state.factOf(held.name) === undefined) continue
      this.#concerned.add(held)
      this.changers.takeUp(held.principal)
    }
  }
}
