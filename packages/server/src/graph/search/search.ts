import { FactGraph, type Step } from '../proof/fact-graph.ts'
import { administrator, Goal } from '../proof/goal.ts'
import { Tried } from '../prospect/saying.ts'
import type { SearchOptions } from '../relevance/search-options.ts'
import type { Outline, Shared } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import { carriedName, factsOf, heldAs, heldName, outcomeName } from '../request/binding.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import { dependsOnNames } from '../request/new-name.ts'
import type { Outsider } from '../request/outside.ts'
import type { Variant } from '../request/person.ts'
import type { Actor } from '../request/trust-question.ts'
import { type Changer, Expanded, type TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Neighbours } from '../world/neighbours.ts'
import type { Person, World } from '../world/world.ts'
import { Administrators, actorName } from './administrators.ts'
import { lasting, noteBlocked } from './aftermath.ts'
import { Blocked } from './blocked.ts'
import { Bounding } from './bounding.ts'
import { Changers } from './changers.ts'
import { entrancesOf } from './entrance.ts'
import type { Footprint } from './footprint.ts'
import { FoundUses } from './found.ts'
import { Giving } from './giving.ts'
import { type Held, Holdings } from './holdings.ts'
import { Opening } from './opening.ts'
import { Order } from './order.ts'
import { Partners } from './partners.ts'
import { Queue } from './queue.ts'
import { SetAside } from './set-aside.ts'
import { Sides } from './sides.ts'
import { staying } from './staying.ts'
import { stepOf } from './step-of.ts'
import { Tagging } from './tagging.ts'
import { known, tryUses } from './try-uses.ts'

/** The least fixpoint: everything that an attacker comes to hold and to change, from one principal. */
export class Search {
  readonly graph = new FactGraph()
  readonly world: World
  /** The fact that is asked for. An administrator is not searched further if that is the goal. */
  readonly goal: string | undefined
  readonly target: Goal
  readonly holdings: Holdings
  readonly order: Order
  /** The facts that the search rests on. */
  readonly footprint: Footprint
  readonly #neighbours: Neighbours<Shared>
  /** The questions to each account. */
  readonly #sides: Sides
  readonly #options: SearchOptions
  readonly #queue = new Queue()
  readonly #queued = new Set<string>()
  readonly #aside: SetAside
  readonly #administrators: Administrators
  readonly #changers: Changers
  readonly #tagging: Tagging
  readonly #bounding: Bounding
  readonly #opening: Opening
  readonly #giving: Giving
  readonly #partners: Partners
  readonly #expanded = new Expanded()
  readonly #changed = new Set<Held>()
  readonly #tried = new Tried()
  readonly #found: FoundUses
  readonly #blocked = new Blocked()
  /** The changes that rest with what is kept: with what is to be searched, with the ways to facts, with what is put off. */
  entries = 0

  constructor(shared: Shared, options: SearchOptions, goal?: string) {
    this.world = shared.world
    this.#neighbours = shared.neighbours
    this.#aside = new SetAside(this.graph, shared.leftOut.has('aside'))
    this.goal = goal
    this.target = new Goal(this.graph, goal, options, shared.leftOut.has('bound'))
    this.#sides = new Sides(shared, options, goal)
    this.holdings = new Holdings(this.#sides, this.graph)
    this.order = new Order(this.#sides, this.holdings, this.graph, this.#tried, this.#aside)
    this.#administrators = new Administrators(this.#sides, this.graph, this.order, options)
    this.footprint = this.#sides.footprint
    this.#found = new FoundUses(this.graph, this.holdings, options)
    const found: ConstructorParameters<typeof Tagging>[2] = {
      push: (task) => this.#queue.push(task),
      use: (actor, own) => this.#use(actor, own),
      record: (actor, own, finding, more) => this.#record(actor, own, finding, more),
    }
    this.#tagging = new Tagging(this.#sides, this.holdings, found)
    this.#bounding = new Bounding(found)
    this.#opening = new Opening(this.#sides, {
      ...found,
      isSettled: (own) => this.#found.isSettled(own),
      isTight: (actor) => this.#isTight(actor),
    })
    const common = {
      sides: this.#sides,
      target: this.target,
      blocked: this.#blocked,
      tryUses: this.#tryUses,
      isBeyond: (facts: readonly string[]) => this.#isBeyond(facts),
      cut: (actor: Actor) => this.#aside.cut(actor),
      wantsBlocked: () => this.#wantsBlocked,
    }
    this.#giving = new Giving({ ...common, tried: this.#tried })
    this.#changers = new Changers({
      ...found,
      ...common,
      holdings: this.holdings,
      isAside: (held) => this.#aside.isAside(held),
    })
    this.#partners = new Partners({
      ...found,
      ...common,
      expanded: this.#expanded,
      giving: this.#giving,
      graph: this.graph,
      change: (changer) => this.#register(changer),
    })
    this.#options = options
  }

  /** Searches from a principal until nothing more is found. */
  walk(from: Person): void {
    const form = from.type === 'user' ? 'key' : 'assumed'
    this.graph.add({ fact: heldName(from, form), step: undefined, before: [] })
    this.#changers.begin(from)
    this.target.isUndecidedAtBest =
      this.#options.ends?.isUndecidedAtBest === true || this.#sides.of(from.account).shared.isUnknown(from)
    this.#hold(from, form, undefined, true)
    this.#work()
  }

  /** The same, where all others of the account but some are held as well, and make calls of others' steps only. */
  walkTogether(from: Person, without: ReadonlySet<string>): void {
    this.walk(from)
    for (const actor of this.#partners.offer(from, without, this.goal)) {
      this.graph.add({ fact: heldAs(actor), step: undefined, before: [] })
      this.#sides.budget.step()
    }
    this.#work()
  }

  /** As `walk`, from an outsider. */
  walkFrom(outsider: Outsider): void {
    for (const { actor, own } of entrancesOf(outsider, this.#sides, [...this.#neighbours.all])) {
      if (!this.graph.has(heldAs(actor))) this.graph.add({ fact: heldAs(actor), step: undefined, before: [] })
      this.#use(actor, own)
      this.#sides.budget.step()
    }
    this.#work()
  }

  #work(): void {
    do
      for (const task of this.#queue.taken()) {
        task()
        this.#lookAtChanges()
        this.#changers.propose()
        this.#sides.budget.step()
      }
    while (this.#reconsider())
  }

  /** Asks for steps that are stopped and would lead to the goal, as far as that was left for the end. */
  stopped(to: Person | undefined, most: number): void {
    this.#blocked.asked(most, ({ step, fact }) => this.leadsTo(step, fact, to))
  }

  /** Steps that are stopped, for people, as far as they were asked for. */
  get blocked(): Blocked['all'] {
    return this.#blocked.all
  }

  /** Whether steps that are stopped may be shown: there is no path, or those of a single principal are asked for. */
  get #wantsBlocked(): boolean {
    if (this.goal === undefined || this.#options.known !== undefined || this.#options.ends) return false
    return this.goal !== administrator || this.target.cost() === undefined
  }

  /** Queues what was left out, and counts now that better proofs are known. Says whether there is something. */
  #reconsider(): boolean {
    if (!this.#queue.isEmpty) return false
    this.order.reconsider()
    for (const { held, variant } of this.#aside.surer()) {
      this.#changers.takeUp(held.person)
      if (variant !== undefined) this.#queue.push(() => this.#expand({ variant, form: held.form }))
      else this.#take(held)
    }
    for (const held of [...this.#aside.unskipped(), ...this.holdings.back()]) this.#changed.add(held)
    if (this.#changed.size > 0) this.#queue.push(() => this.#lookAtChanges())
    for (const actor of this.#aside.better()) {
      this.#tried.forget(heldAs(actor))
      this.#changers.forget(actor)
      this.#queue.push(() => this.#expand(actor))
    }
    return !this.#queue.isEmpty
  }

  #hold(person: Person, form: Form, carried?: Held['carried'], isStart = false): void {
    const held = this.holdings.hold(person, form, carried)
    if (held === undefined) return
    const name = heldName(person, form, carried)
    if (person.arn === this.goal) this.target.add(name)
    if (!isStart && !this.order.needsTaking(name) && this.target.follow(name, this.#options.known))
      this.#sides.footprint.followed.add(person.arn)
    // Whether a principal that can do the same is searched already.
    const key = `${this.#sides.classOf(person)} ${this.#sides.formKey(person, form)} ${carriedName(held.carried)}`
    const isLike = person.arn !== this.goal && this.#aside.isLikeSearched({ held, facts: [name], key })
    if (!isLike) this.#changers.takeUp(person)
    this.#take(held, isLike, isStart)
  }

  /** Queues what is held as it is, and later with its changes. */
  #take(held: Held, isLike = false, isStart = false): void {
    const variants = this.holdings.variants(held)
    const { value } = variants.next()
    if (value === undefined) return
    const variant: Variant = isStart ? { ...value, isStart: true } : value
    if (isLike) this.#administrators.visit({ variant, form: held.form })
    else this.#enqueue(held, variant)
    if (this.holdings.changesOf(held.person).length > 0)
      this.#queue.push(() => this.#enqueueAll(held, variants))
  }

  #enqueueAll(held: Held, variants: Iterable<Variant>): void {
    for (const variant of variants) if (variant.changes.length > 0) this.#enqueue(held, variant)
  }

  #enqueue(held: Held, variant: Variant): void {
    const actor: Actor = { variant, form: held.form }
    const name = actorName(actor)
    if (this.#queued.has(name)) return
    this.#queued.add(name)
    this.entries += variant.changes.length
    this.#administrators.visit(actor)
    if (variant.changes.length > 0 && variant.person.arn !== this.goal) {
      const facts = [heldAs(actor), ...variant.changes]
      if (this.#aside.isLikeSearched({ held, variant, facts, key: this.#sides.likenessOf(actor) })) return
    }
    this.#queue.push(() => this.#expand(actor))
  }

  /** The ways of an administrator to other accounts: its own, and those of principals that trust policies there name. */
  #cross(actor: Actor, facts: readonly string[], waysBefore: number): void {
    for (const uses of this.#sides.crossings(actor)) this.#tryUses(actor, uses, {})
    const { account } = actor.variant.person
    const changer = this.#changers.of(actor)
    this.#changers.tryOn(changer, { is: 'account', account })
    for (const person of this.#neighbours.bridges(account)) {
      this.#changers.tryOn(changer, { is: 'person', person })
      this.#giving.tryAll(actor, facts, person, waysBefore)
    }
  }

  #expand(actor: Actor): void {
    if (actor.helpers !== undefined) {
      this.#partners.use(actor)
      return
    }
    const facts = factsOf(actor)
    if (this.#sides.endsIn(actor.variant.person.account) && this.#administrators.is(actor)) return
    this.#sides.note(actor)
    const isChanged = actor.variant.changes.length > 0
    if (this.target.isBeaten(facts) || (isChanged && this.#isBeyond(facts))) {
      this.#aside.cut(actor)
      return
    }
    const waysBefore = this.target.ways()
    const isAdministrator = this.#administrators.is(actor)
    if (isAdministrator && this.#sides.isOut(actor)) {
      this.#cross(actor, facts, waysBefore)
      return
    }
    const goal = this.goal === undefined ? undefined : this.#neighbours.person(this.goal)
    // What gives the goal at once is the shortest path.
    const isDirect = this.#options.isFirst === true && actor.variant.isStart === true && goal !== undefined
    if (isDirect || (isAdministrator && this.goal !== undefined)) {
      this.#giving.tryAll(actor, facts, goal, waysBefore)
      if (isAdministrator ? this.target.cost() !== undefined : this.target.isProven) return
    }
    for (const each of [this.#opening, this.#partners, this.#tagging]) each.visit(actor)
    this.#register(this.#changers.of(actor))
    this.#expanded.add(actor)
    // One that may do anything leads to everyone: what its changes give comes first, and mostly is enough.
    if (this.goal !== undefined && this.#sides.allowsAnything(actor.variant.person))
      this.#queue.push(() => this.#expandAgain(actor, 0))
    else this.#giving.tryAll(actor, facts, undefined, waysBefore)
  }

  /** Whether everything is searched, and an administrator could do this: what that could become is not searched. */
  #isBeyond(facts: readonly string[]): boolean {
    return this.goal === undefined && this.#neighbours.isAlone && this.target.isAdministrator(facts)
  }

  /** Whether only what gives the goal at once is as good as what there is; if so, that is noted. */
  #isTight(actor: Actor): boolean {
    const isTight = this.target.isTight(factsOf(actor))
    if (isTight) this.#aside.cut(actor)
    return isTight
  }

  /** Tries what has come to count since an actor was searched. */
  #expandAgain(actor: Actor, since: number): void {
    if (actor.helpers !== undefined) this.#partners.use(actor, since)
    else this.#giving.tryAll(actor, factsOf(actor), undefined, this.target.ways(), since)
  }

  /** Has an actor change what it can. */
  #register(changer: Changer): void {
    const { actor, techniques, barred } = changer
    if (techniques.length + barred.length === 0 || actor.variant.isOnlyTagged) return
    this.#changers.add(changer)
    this.#lookAtChanges()
    this.#resume(changer)
    if (this.#expanded.has(actor)) return
    if (techniques.some(({ effect }) => effect === 'writesTags')) this.#tagging.addChanger(changer)
  }

  readonly #tryUses = (actor: Actor, uses: Iterable<OwnUse>, tried: TryOptions) => {
    const use = (own: OwnUse) => (this.#found.isKnown(actor, own) ? known : this.#use(actor, own))
    const trying = { ...tried, ...this.#sides.limitsOf(actor), use }
    return tryUses(this.#sides.budget, this.graph, factsOf(actor), uses, trying)
  }

  /** Looks again at the actors whose uses lead further because of what a changer can add to. */
  #resume(changer: Changer): void {
    if (!this.#sides.widen(changer)) return
    const since = this.#sides.widenings
    for (const actor of this.#expanded.toRepeat())
      this.#queue.push(() => this.#expanded.repeat(actor, () => this.#expandAgain(actor, since)))
  }

  /** Looks at what is changed, all changes of a task together. */
  #lookAtChanges(): void {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const held of changed)
      this.#enqueueAll(held, this.holdings.variants(held, this.#aside.counting(held, this.target)))
  }

  #use(actor: Actor, plain: OwnUse): Outline | undefined {
    const { shared } = this.#sides.ofActor(actor)
    const own = staying(shared.world, actor, plain, this.graph)
    if (own === undefined) return undefined
    if (this.holdings.covers(own, this.graph.sumOf(factsOf(actor)))) {
      this.#aside.cut(actor)
      return
    }
    if (this.#found.isKnown(actor, own)) return undefined
    const stem = this.#found.stemOf(actor, plain)
    const { technique, use, prove } = plain
    const name = signatureOf({ ...this.#sides.ofActor(actor), technique, actor }, use.binding)
    const finding = shared.found(name, prove, dependsOnNames(technique))
    if (finding !== undefined && this.#found.isDone(stem, actor)) return finding
    if (finding !== undefined) this.#record(actor, own, finding)
    if (finding?.verdict === 'proven' || actor.helpers !== undefined) return finding
    this.entries += actor.variant.changes.length
    this.#partners.add({ actor, own: plain, finding })
    this.#tagging.add({ actor, own, finding })
    this.#bounding.add({ actor, own, finding })
    if (technique.effect === 'writesTrust') this.#opening.add({ actor, own })
    return finding
  }

  /** Records what was found of a use. */
  #record(actor: Actor, plain: OwnUse, finding: Outline, more: readonly Change[] = []): void {
    const { shared } = this.#sides.ofActor(actor)
    const own = lasting(shared, actor, plain, more, this.graph)
    const { outcome, before: others = [] } = own.use
    const fact = outcomeName(outcome)
    const before = [...factsOf(actor), ...others, ...more.map(changeName)]
    const step = stepOf(this.#sides.ofActor(actor), actor, own, finding)
    const again = () => this.#record(actor, plain, finding, more)
    if (finding.verdict === 'blocked' && actor.helpers?.has(finding.refused ?? '') !== false)
      noteBlocked(this.#blocked, shared.world, actor, { fact, before, step })
    if (!this.#found.isWanted(finding) || !this.order.allows(actor, before, again)) return
    const isCovered = this.holdings.covers(own, this.graph.sumBy({ step, before }))
    if (isCovered) this.#aside.cut(actor)
    if (isCovered) return
    this.graph.add({ fact, step, before })
    this.entries += before.length - 1
    if (outcome.is === 'held') this.#hold(outcome.person, outcome.form, outcome.carried)
    if (outcome.is === 'held') return
    const concerned = this.holdings.change(outcome.change)
    for (const held of concerned ?? []) this.#changed.add(held)
    for (const { person } of concerned ?? []) this.#changers.takeUp(person)
    if (concerned !== undefined && outcome.change.is === 'tag') this.#tagging.tagged(outcome.change)
    if (concerned !== undefined && outcome.change.is === 'boundary') this.#bounding.bounded(outcome.change)
  }

  /** Whether a step that is stopped would lead to the goal: to the principal, or to an administrator. */
  readonly leadsTo = (step: Step, fact: string, to: Person | undefined): boolean =>
    to === undefined ? this.#sides.leadsToAdministrator(step, fact) : step.to === to.arn
}
