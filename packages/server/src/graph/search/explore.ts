import type { Technique } from '../../authorization/catalogue/index.ts'
import { isAtMost } from '../proof/fact-graph.ts'
import type { Finding } from '../proof/finding.ts'
import { sayingOf, sayingOfRead } from '../relevance/saying.ts'
import { lowered } from '../relevance/search-options.ts'
import type { Outline, Shared } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs, outcomeName, requirementsOf } from '../request/binding.ts'
import { type Carried, carriedName } from '../request/carried.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import { dependsOnNames } from '../request/new-name.ts'
import type { Variant } from '../request/person.ts'
import { callersOf } from '../request/together.ts'
import { type Changer, Expanded, type Task, type TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { valueIn } from '../world/lists.ts'
import { accountOfArn, type Person } from '../world/world.ts'
import { Administrators, actorName } from './administrators.ts'
import { Changers } from './changers.ts'
import { Demands } from './demands.ts'
import type { Forks } from './forks.ts'
import { Giving } from './giving.ts'
import { isGrowing } from './growing.ts'
import type { Held } from './holdings.ts'
import { Opening } from './opening.ts'
import { Partners } from './partners.ts'
import { isRoomFor } from './room.ts'
import type { Common, Round } from './round.ts'
import { SetAside } from './set-aside.ts'
import type { State } from './state.ts'
import { stepOf } from './step-of.ts'
import { type Found, type Supported, supportsOf } from './supports.ts'
import { Things } from './things.ts'
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
  readonly #forks: Forks
  readonly #before: Exploration | undefined
  /** How much held in the states before it when it was begun. */
  readonly #sizeBefore: number
  #tasks: Task[] = []
  readonly #queued = new Set<string>()
  /** What is held and searched, with its changes. */
  readonly #searched = new Set<string>()
  readonly #concerned = new Set<Held>()
  readonly #administrators: Administrators
  readonly changers: Changers
  readonly demands: Demands
  readonly things: Things
  readonly opening: Opening
  readonly giving: Giving
  readonly partners: Partners
  #widenings: number
  #isBegun = false

  constructor(common: Common, forks: Forks, state: State, before?: Exploration) {
    this.common = common
    this.#forks = forks
    this.state = state
    this.aside = new SetAside(common.graph, common.leftOut.has('aside'))
    this.#before = before
    this.#sizeBefore = sizeOf(state.before)
    this.#widenings = common.sides.widenings
    this.#administrators = new Administrators(this)
    this.changers = new Changers(this, before?.changers)
    this.demands = new Demands(this, before?.demands)
    this.things = new Things(this, before?.things)
    this.opening = new Opening(this, before?.opening)
    this.giving = new Giving(this, before?.giving)
    this.partners = new Partners(this, this.giving, (changer) => this.#register(changer), before?.partners)
  }

  /** Whether more holds in the states before it than when it was begun, so that it must be begun anew. */
  get isOutdated(): boolean {
    return sizeOf(this.state.before) > this.#sizeBefore
  }

  /** Whether there is something to do. */
  get isOpen(): boolean {
    if (!this.#isBegun || this.#tasks.length + this.#concerned.size > 0) return true
    return this.#widenings < this.common.sides.widenings || this.changers.isBehind || this.demands.isBehind
  }

  /** Begins with a principal. */
  start(person: Person, form: Form): void {
    this.#isBegun = true
    this.changers.beginAt(person)
    this.#hold(person, form, undefined, true)
  }

  /** Takes the others of an account into account, who make calls of others’ steps only. */
  offer(from: Person, without: ReadonlySet<string>): Iterable<Actor> {
    return this.partners.offer(from, without, this.common.goal)
  }

  /** Does all that there is to do. */
  run(): void {
    if (!this.#isBegun) this.#begin()
    this.#isBegun = true
    do {
      if (this.#widenings < this.common.sides.widenings) this.#repeat(this.#widenings + 1)
      this.#look()
      for (const task of this.#taken()) {
        task()
        this.#look()
        this.common.sides.budget.step()
      }
    } while (this.isOpen)
    this.#forks.takeOver(this.state, (actor) => this.isValid(actor))
  }

  /** Each task, those that come meanwhile as well; what is done is not held on to. */
  *#taken(): Generator<Task> {
    for (let place = 0; place < this.#tasks.length; place++) {
      const task = this.#tasks[place]
      if (task !== undefined) yield task
      if (place <= mostDone) continue
      this.#tasks.splice(0, place + 1)
      place = -1
    }
    this.#tasks = []
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
    this.demands.begin(change)
    this.opening.begin(change.arn)
    this.changers.begin(change.arn)
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
    this.#tasks.push(task)
  }

  factsOf(actor: Actor): readonly string[] {
    return this.before(actor, [])
  }

  /** The facts that an actor rests on with some changes that were added: all that it does with them comes after these. */
  before(actor: Actor, changes: readonly Change[], more: readonly string[] = []): readonly string[] {
    const { state } = this
    const held = callersOf(actor).map((each) => heldAs(each))
    const facts = [...held, ...changes.map(changeName), ...more].map(
      (fact) => state.factOf(fact) ?? state.nameOf(fact),
    )
    return [...new Set(state.entry === undefined ? facts : [...facts, state.entry])]
  }

  isValid(actor: Actor): boolean {
    return this.#fits(actor, (change) => this.state.isTaking(change))
  }

  /** Whether an actor is as it is now in this state: what it does need not be looked for again. */
  #isLatest(actor: Actor): boolean {
    return this.#fits(actor, () => true)
  }

  /** Whether an actor has no changes but those of this state, and all of them that count. */
  #fits(actor: Actor, counts: (change: Change) => boolean): boolean {
    const { holdings } = this.common
    return callersOf(actor).every(({ variant, form }) => {
      if (variant.outside !== undefined) return true
      const held = holdings.get(heldAs({ variant, form }))
      if (held === undefined) return true
      const now = holdings.variantIn(this.state, held)
      if (now.policies === variant.policies && now.changes === variant.changes) return true
      const names = new Set(variant.changes)
      return (
        variant.changes.every((name) => now.changes.includes(name)) &&
        now.applied.every((change) => names.has(changeName(change)) || !counts(change))
      )
    })
  }

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
    this.#cutAt(actor, this.factsOf(actor))
  }

  #cutAt(actor: Actor, facts: readonly string[]): void {
    this.aside.cut(actor, facts, () => {
      this.giving.forget(actor)
      this.changers.forget(actor)
      this.push(() => this.#expand(actor))
    })
  }

  /** Holds a principal from this state on. */
  #hold(person: Person, form: Form, carried?: Carried, isStart = false): void {
    const { holdings, target, options, sides, goal } = this.common
    const held = holdings.hold(person, form, carried, isStart)
    const isThere = this.state.hasOwn(held.name)
    this.state.add(held.name)
    const fact = this.state.nameOf(held.name)
    if (person.arn === goal) target.add(fact)
    if (isThere) return
    const isFirst = this.state.before === undefined
    if (isFirst && !isStart && target.follow(fact, options.known)) sides.footprint.followed.add(person.arn)
    // Whether a principal that can do the same is searched already.
    const key = `${sides.classOf(person)} ${sides.formKey(person, form)} ${carriedName(held.carried)}`
    const again = () => this.#takeUp(held)
    const isLike =
      person.arn !== goal && this.aside.isLikeSearched({ held, isChanged: false, facts: [fact], key, again })
    if (!isLike) this.changers.takeUp(person)
    this.#enqueue(held, isLike)
  }

  /** Has searched after all what was held more surely than what is like it. */
  #takeUp(held: Held): void {
    this.changers.takeUp(held.person)
    this.#queued.delete(actorName(this.#actorOf(held)))
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
    const { changes, applied, person } = actor.variant
    if (isLike && changes.length === 0) return
    if (changes.length > 0 && person.arn !== goal) {
      const facts = this.factsOf(actor)
      const all = this.before(
        actor,
        applied.filter((change) => !this.state.isTaking(change)),
      )
      const key = sides.likenessOf(actor)
      const again = () => this.push(() => this.#expand(this.#actorOf(held)))
      if (this.aside.isLikeSearched({ held, isChanged: true, facts, all, key, again })) return
    }
    this.push(() => this.#expand(actor))
  }

  /** The ways of an administrator to other accounts: its own, and those of principals that trust policies there name. */
  #cross(actor: Actor, waysBefore: number): void {
    const { sides } = this.common
    for (const uses of sides.crossings(actor)) this.tryUses(actor, uses, {})
    const { account } = actor.variant.person
    const changer = this.changers.of(actor)
    this.changers.tryOn(changer, { is: 'account', account })
    for (const person of sides.bridges(account)) {
      this.changers.tryOn(changer, { is: 'person', person })
      this.giving.tryAll(actor, person, waysBefore)
    }
  }

  #expand(actor: Actor): void {
    if (!this.#isLatest(actor)) return
    if (actor.helpers !== undefined) {
      this.partners.use(actor)
      return
    }
    const { sides, target, options, goal } = this.common
    const facts = this.factsOf(actor)
    if (sides.endsIn(actor.variant.person.account) && this.#administrators.is(actor)) return
    sides.note(actor)
    const isChanged = actor.variant.changes.length > 0
    if (target.isBeaten(facts) || (isChanged && this.isBeyond(facts))) {
      this.cut(actor)
      return
    }
    const free = actor.variant.applied.filter((change) => !this.state.isTaking(change))
    if (free.length > 0 && this.#hasLess(actor, free) && !free.some((change) => this.#counts(actor, change)))
      return
    this.#searched.add([heldAs(actor), ...actor.variant.changes].join('\n'))
    const waysBefore = target.ways()
    const isAdministrator = this.#administrators.is(actor)
    if (isAdministrator && sides.isOut(actor)) {
      this.#cross(actor, waysBefore)
      return
    }
    const to = goal === undefined ? undefined : sides.person(goal)
    // What gives the goal at once is the shortest path.
    const isDirect = options.isFirst === true && actor.variant.isStart === true && to !== undefined
    if (isDirect || (isAdministrator && goal !== undefined)) {
      this.giving.tryAll(actor, to, waysBefore)
      if (isAdministrator ? target.cost() !== undefined : target.isProven) return
    }
    for (const each of [this.opening, this.partners, this.things]) each.visit(actor)
    // What it may not do itself without its changes, others may do for it.
    if (free.length > 0 && !this.#hasLess(actor, free)) this.partners.visit(this.#without(actor, free))
    this.#register(this.changers.of(actor))
    this.expanded.add(actor)
    // One that may do anything leads to everyone: what its changes give comes first, and mostly is enough.
    if (goal !== undefined && sides.allowsAnything(actor.variant.person))
      this.push(() => this.#expandAgain(actor, 0))
    else this.giving.tryAll(actor, undefined, waysBefore)
  }

  #without(actor: Actor, free: readonly Change[]): Actor {
    const { applied, person, carried, isStart } = actor.variant
    const { wardrobe } = this.common.sides.ofActor(actor).shared
    const variant = wardrobe.variant(
      person,
      applied.filter((change) => !free.includes(change)),
      carried,
    )
    return { ...actor, variant: isStart === undefined ? variant : { ...variant, isStart } }
  }

  /** Whether the same is searched without changes that were only added. */
  #hasLess(actor: Actor, free: readonly Change[]): boolean {
    const names = new Set(free.map(changeName))
    const less = actor.variant.changes.filter((name) => !names.has(name))
    return this.#searched.has([heldAs(actor), ...less].join('\n'))
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
    const use = (own: OwnUse) =>
      common.found.isKnown(state, actor, own, facts) ? known : this.use(actor, own)
    return tryUses(uses, { ...options, ...common.sides.limitsOf(actor), common, state, facts, use })
  }

  use(actor: Actor, own: OwnUse): Outline | undefined {
    if (this.common.found.isKnown(this.state, actor, own, this.factsOf(actor))) return undefined
    const finding = this.record(actor, own)
    if (finding?.verdict === 'proven' || actor.helpers !== undefined) return finding
    const entry = { actor, own, finding }
    this.partners.add(entry)
    this.demands.add(entry)
    this.things.add(entry)
    if (own.technique.effect === 'writesTrust' && own.use.outcome.is === 'held') this.opening.add(entry)
    return finding
  }

  record(actor: Actor, plain: OwnUse): Outline | undefined {
    const own = this.#asItIs(plain)
    const { technique, use, prove } = own
    const { outcome } = use
    const { state } = this
    if (outcome.is === 'held' && callersOf(actor).some((each) => outcomeName(outcome) === heldAs(each)))
      return undefined
    if (
      outcome.is === 'change' &&
      state.isInEffect(outcome.change) &&
      !state.hasOwn(changeName(outcome.change))
    )
      return undefined
    const side = this.common.sides.ofActor(actor)
    const ask = (by: Actor): Outline | undefined =>
      side.shared.found(
        signatureOf({ ...side, technique, actor: by }, use.binding),
        () => prove(undefined, by),
        dependsOnNames(technique),
      )
    let best: Outline | undefined
    for (const { finding, changes, by } of this.supports(actor, ask, technique)) {
      best = finding
      this.#add(actor, own, finding, changes, () => prove(undefined, by))
    }
    return best
  }

  /** A use of its target as it is in this state. */
  #asItIs(own: OwnUse): OwnUse {
    const { use, prove, technique } = own
    const { target } = use.binding
    const now = target && this.state.personNow(target)
    if (now === target) return own
    return {
      technique,
      use: { ...use, binding: { ...use.binding, target: now } },
      prove: (_, by) => prove(now, by),
    }
  }

  /** The findings about an actor, each with as few changes as it needs. */
  supports<Each extends Found>(
    actor: Actor,
    ask: (by: Actor) => Each | undefined,
    technique?: Technique,
  ): Generator<Supported<Each>> {
    const { state, common } = this
    return supportsOf({
      actor,
      ask,
      isFree: (change) => !state.isTaking(change),
      counts: (change) => this.#counts(actor, change),
      isSilent: (one, other) => technique !== undefined && this.#sayTheSame(one, other, technique),
      isJoint: (actors) =>
        technique === undefined || new Set(actors.map((each) => this.#callsOf(each, technique))).size > 1,
      variant: ({ person, carried, isStart }, changes) => {
        const variant = common.sides.of(person.account).shared.wardrobe.variant(person, changes, carried)
        return isStart === undefined ? variant : { ...variant, isStart }
      },
      isRoom: (changes) =>
        callersOf(actor).every(({ variant: { person } }) => isRoomFor(state.personNow(person), changes)),
    })
  }

  /** Whether what an actor does with a change may be better than what there is. If not, that is noted. */
  #counts(actor: Actor, change: Change): boolean {
    const facts = this.before(actor, [change])
    if (!this.common.target.isBeaten(facts)) return true
    this.#cutAt(actor, facts)
    return false
  }

  /** The names of the calls of a technique that Allows of an actor name. */
  #callsOf(actor: Actor, technique: Technique): string {
    const { grants } = this.common.sides.ofActor(actor).shared.said(actor)
    const { calls } = this.common.sides.ofActor(actor).shared.readsOf(technique)
    const own = [...requirementsOf(technique).map(({ action }) => action), ...calls].map(lowered)
    return own.filter((call) => grants.some((each) => each.has(call))).join()
  }

  /** Whether actors with other changes are allowed the same calls of a technique. */
  #sayTheSame(one: Actor, other: Actor, technique: Technique): boolean {
    const { shared } = this.common.sides.ofActor(one)
    const others = callersOf(other)
    return callersOf(one).every(({ variant }, place) => {
      const now = others[place]?.variant
      return now === variant || (now && saidOf(shared, now, technique)) === saidOf(shared, variant, technique)
    })
  }

  /** Adds a step, and what comes of it. */
  #add(actor: Actor, own: OwnUse, finding: Outline, changes: readonly Change[], exact: () => Finding): void {
    const { graph, found, blocked, sides } = this.common
    const { state } = this
    const { outcome, before: others } = own.use
    const name = outcomeName(outcome)
    const before = this.before(actor, changes, others)
    const isTaking =
      outcome.is === 'change' && !isGrowing(sides.of(accountOfArn(outcome.change.arn)).shared, outcome.change)
    const place = isTaking
      ? { result: name, depth: state.depth + 0.5 }
      : { result: state.nameOf(name), depth: state.depth }
    const step = stepOf(actor, own, finding, place, exact)
    if (finding.verdict === 'blocked') {
      const isGivenBack = state.before !== undefined && state.taken === ''
      const isOfHelper = actor.helpers?.has(finding.refused ?? '') !== false
      if (isOfHelper && !isGivenBack) blocked.add({ fact: name, before, step })
    }
    if (!found.isWanted(finding)) return
    const there = state.factOf(name)
    if (
      there !== undefined &&
      !state.hasOwn(name) &&
      isAtMost(graph.sumOf([there]), graph.sumBy({ step, before }))
    )
      return
    if (found.isRecorded(state.nameOf(name), own, before)) return
    this.common.count(before.length - 1)
    if (isTaking) {
      this.#forks.add(state, outcome.change, { actor, own, step, before })
      return
    }
    graph.add({ fact: place.result, step, before })
    if (outcome.is === 'held') this.#hold(outcome.person, outcome.form, outcome.carried)
    else this.#make(outcome.change)
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
      this.changers.takeUp(held.person)
    }
  }
}

/** What a principal is allowed of the calls of a technique, as a text. */
function saidOf(shared: Shared, variant: Variant, technique: Technique): string {
  const { calls, version } = shared.readsOf(technique)
  const texts = valueIn(said, variant, () => new Map<string, string>())
  return valueIn(texts, `${technique.id} ${version}`, () =>
    [
      sayingOf(variant, technique, shared.table),
      sayingOfRead(variant, technique, shared.table, calls),
      variant.boundaryArn,
      variant.isBoundByScps,
    ].join(' '),
  )
}

const said = new WeakMap<Variant, Map<string, string>>()

/** How much holds in a state. */
function sizeOf(state: State | undefined): number {
  return state === undefined ? 0 : state.size + sizeOf(state.before)
}

/** After so many tasks, those that are done are dropped. */
const mostDone = 1_000
