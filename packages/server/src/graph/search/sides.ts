import type { Technique } from '../../authorization/catalogue/index.ts'
import { StepBudget } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import { administrator } from '../proof/goal.ts'
import { Prover } from '../proof/prove.ts'
import { prospectsOf } from '../prospect/known-prospects.ts'
import type { Group } from '../prospect/prospect-group.ts'
import type { Leading, Prospects } from '../prospect/prospects.ts'
import type { Together } from '../relevance/abilities.ts'
import { isAssuming, type SearchOptions } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import type { Form } from '../request/form.ts'
import { isGranting } from '../use/change-uses.ts'
import { controls } from '../use/controls.ts'
import { type Changer, mayChange } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { isOfWorkload, usesOf, workloadsAcross } from '../use/uses.ts'
import { valueIn } from '../world/lists.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { accountOfArn, type Principal, type Resource } from '../world/world.ts'
import type { Footprint } from './footprint.ts'
import { type SelfChanges, selfChanges, selfKey } from './self-key.ts'

/** The questions to one account. */
export interface Side {
  readonly shared: Shared
  readonly prover: Prover
}

/** The questions of a search to each account that is in view. */
export class Sides {
  readonly #own: Shared
  readonly #goal: string | undefined
  readonly #account: string | undefined
  readonly #ends: SearchOptions['ends']
  readonly budget: StepBudget
  readonly #isWatched: boolean
  readonly #neighbours: Neighbours<Shared>
  readonly #techniques: readonly Technique[]
  readonly #kind: string
  readonly #sides = new Map<string, Side>()
  /** The widening from which on a principal may lead to the goal; the first one is what it is as things are. */
  readonly #useful = new Map<Principal, number>()
  /** Undefined if everything is searched. */
  readonly #prospects: Prospects | undefined
  /** Principals that do not lead to the goal so far. */
  readonly #useless = new Set<Principal>()
  /** Principals that may lead to the goal, and those that may lead to something that the attacker can add to. */
  readonly #leading: Leading[] = []

  constructor(own: Shared, options: SearchOptions, goal: string | undefined) {
    this.#own = own
    this.#goal = goal
    this.#account = options.account
    this.#ends = options.ends
    this.budget = options.budget ?? new StepBudget()
    this.#isWatched = options.isWatched === true
    this.#neighbours = own.neighbours
    this.#techniques = own.techniques(options)
    this.#kind = `${options.derived} ${options.retired}`
    if (goal === undefined || own.leftOut.has('prospects')) return
    this.#prospects = prospectsOf(own, options)
    this.#leading.push(
      options.ends === undefined
        ? this.#prospects.towards(this.#neighbours.principal(goal), options.account)
        : this.#prospects.towardsEnds(options.ends),
    )
  }

  /** Of an account; of the first one if that account is not in view. */
  of(account: string): Side {
    return valueIn(this.#sides, account, () => this.#sideOf(this.#neighbours.of(account) ?? this.#own))
  }

  /** The name of the class of a principal, with what counts for what it does to itself. */
  classOf(principal: Principal): string {
    const { shared } = this.of(principal.account)
    const name = `${principal.account} ${shared.classes.of(principal)}`
    let self = this.#self.get(name)
    if (self === undefined) {
      self = selfChanges(this.usable({ variant: shared.policySets.variant(principal, []), form: 'key' }))
      this.#self.set(name, self)
    }
    return `${name}${selfKey(shared.world, self, principal)}`
  }

  readonly #self = new Map<string, SelfChanges>()

  /** The name of forms in which a principal may do the same. */
  formKey({ account }: Principal, form: Form): Form {
    return this.of(account).shared.formKey(form)
  }

  /** Equal for actors that may do the same, and whose tags policies read as equal. */
  likenessOf(actor: Actor): string {
    const { shared } = this.ofActor(actor)
    const { classes } = shared
    const { variant } = actor
    const { principal, ownTags } = variant
    const tags = `${classes.tagsOf(variant)}\n${classes.tagsOf({ tags: ownTags })}`
    const self = selfKey(shared.world, selfChanges(this.usable(actor)), principal)
    return `${shared.actorKey(actor)}${self}\n${principal.made ?? ''}\n${tags}`
  }

  /** Whether one account alone is in view. */
  get isAlone(): boolean {
    return this.#neighbours.isAlone
  }

  /** A principal of an account in view. */
  principal(arn: string): Principal | undefined {
    return this.#neighbours.principal(arn)
  }

  /** The principals of an account that trust policies of others name. */
  bridges(account: string): Iterable<Principal> {
    return this.#neighbours.bridges(account)
  }

  /** The techniques of this search. */
  get techniques(): readonly Technique[] {
    return this.#techniques
  }

  /** Of the account of an actor. */
  ofActor({ variant }: Actor): Side {
    return this.of(variant.principal.account)
  }

  /**
   * Whether only what leads out of its account counts for an administrator: the goal is in another one, and no condition
   * there, and no SCP, is about which principal of the account calls.
   */
  isOut({ variant }: Actor): boolean {
    const { account } = variant.principal
    if (this.#neighbours.isAlone) return false
    const goal = this.#goal === administrator ? this.#account : accountOfArn(this.#goal ?? '')
    if (goal === account) return false
    return !this.#neighbours.asksForCallers(account)
  }

  /** The ways of an actor to roles of other accounts, a list for each technique. */
  *crossings(actor: Actor): Generator<Iterable<OwnUse>> {
    const { shared, prover } = this.ofActor(actor)
    for (const technique of this.usable(actor))
      if (isAssuming(technique)) yield usesOf({ shared, prover, technique, actor, only: undefined })
      else if (technique.effect === 'becomesRoot')
        yield usesOf({ shared, prover, technique, actor, only: undefined })
      else if (isOfWorkload(technique))
        yield workloadsAcross({ shared, prover, technique, actor, only: undefined })
  }

  /** Whether a step that is stopped would lead to an administrator. */
  leadsToAdministrator({ gives }: Step, fact: string): boolean {
    const arn = /^holds (\S+) /.exec(fact)?.[1]
    const principal = this.#neighbours.principal(arn ?? '')
    if (principal === undefined) return arn !== undefined || gives === 'empower' || gives === 'lift'
    if (this.#account !== undefined && this.#account !== principal.account) return false
    return this.isAdministrator(principal)
  }

  /** The techniques of which an actor has an Allow for every need. */
  usable(actor: Actor): readonly Technique[] {
    return this.ofActor(actor).shared.abilities.usable(actor, this.#techniques, this.#kind)
  }

  /** Whether a condition is left of each use of a technique by an actor, also if others make the calls that follow. */
  limitsOf(actor: Actor): { isLimited(technique: Technique): boolean } {
    const { abilities } = this.ofActor(actor).shared
    const isAlone = actor.helpers === undefined
    return { isLimited: (technique) => abilities.needsMfa(actor, technique, isAlone) }
  }

  /** The calls that an actor may make together with others, in spite of its boundary and SCPs. */
  together(actor: Actor): Together {
    const { shared } = this.ofActor(actor)
    return shared.abilities.together(actor, shared.saidWithin(actor), this.#techniques, this.#kind)
  }

  /** Whether a search ends with an administrator of an account. */
  endsIn(account: string): boolean {
    if (this.#goal !== administrator && this.#goal !== undefined) return false
    if (this.#account !== undefined && this.#account !== account) return false
    // An administrator of one account may come to others.
    return this.#goal !== undefined || this.#neighbours.trusting(account).length === 0
  }

  /** Whether a principal is an administrator as it is. */
  isAdministrator(principal: Principal): boolean {
    const { shared } = this.of(principal.account)
    if (!this.allowsAnything(principal)) return false
    return (
      shared.administrator({ variant: shared.policySets.variant(principal, []), form: 'service' }).is ===
      'yes'
    )
  }

  /** The facts that the search rests on so far. */
  readonly footprint = { groups: new Set<Group>(), followed: new Set<string>() } satisfies Footprint

  /** Notes that an actor was searched. */
  note(actor: Actor): void {
    if (!this.#isWatched || this.#prospects === undefined) return
    this.footprint.groups.add(this.#prospects.groupOf(this.ofActor(actor).shared, actor))
  }

  /**
   * Since which widening a principal may lead to the goal: 0 if it may as things are, or is a new one; undefined if it
   * may not.
   */
  usefulSince(principal: Principal): number | undefined {
    const known = this.#useful.get(principal)
    if (known !== undefined || this.#useless.has(principal)) return known
    const isNew = (): boolean =>
      this.#prospects === undefined || this.#neighbours.principal(principal.arn) === undefined
    const isLeading = this.#leading[0]?.has(principal) === true
    const since = isLeading || isNew() ? 0 : this.#leading.findIndex((each) => each.has(principal))
    if (since === -1) {
      this.#useless.add(principal)
      return undefined
    }
    this.#useful.set(principal, since)
    return since
  }

  /** Whether a principal may be the goal itself. */
  isEnd(principal: Principal): boolean {
    if (this.#goal === undefined) return true
    if (this.#goal !== administrator) return principal.arn === this.#goal
    return this.#ends?.mayBe(principal) ?? this.allowsAnything(principal)
  }

  /** Whether the Allows of a principal let it do anything in its account, whatever limits there are. */
  allowsAnything(principal: Principal): boolean {
    return this.of(principal.account).shared.abilities.allowsAnything(principal)
  }

  /** Whether a principal may lead to the goal since a widening; if it is the last one, whether it may be the goal. */
  isWanted(principal: Principal, since: number, isLast: boolean): boolean {
    return (this.usefulSince(principal) ?? -1) >= since && (!isLast || this.isEnd(principal))
  }

  /** The number of times that more principals came to lead to the goal. */
  get widenings(): number {
    return Math.max(0, this.#leading.length - 1)
  }

  /** Takes a changer into account; says whether more principals may lead to the goal because of it. */
  widen(changer: Changer): boolean {
    const { actor, techniques } = changer
    if (this.#prospects === undefined || !techniques.some(isGranting)) return false
    const { shared } = this.ofActor(actor)
    const more =
      this.#prospects.towardsChangeable(shared, shared.said(actor), techniques) ?? this.#anyUseful(changer)
    if (this.#leading.includes(more) || !this.#leadsFurther(more)) return false
    this.#leading.push(more)
    this.#useless.clear()
    return true
  }

  /** Whether principals lead to the goal that did not before. */
  #leadsFurther(more: Leading): boolean {
    const all: Iterable<Iterable<Principal>> =
      more instanceof Set ? [more] : [...this.#neighbours.all].map(({ index }) => index.principals.all)
    for (const principals of all)
      for (const principal of principals)
        if (this.usefulSince(principal) === undefined && more.has(principal) && this.#isHere(principal))
          return true
    return false
  }

  /** Whether a principal is one as it is now: sets of an account as it was before may have others. */
  #isHere(principal: Principal): boolean {
    return this.#neighbours.principal(principal.arn) === principal
  }

  /** A changer can add to anything: every principal with which an attacker gets further may count. */
  #anyUseful(changer: Changer): Leading {
    return {
      has: (principal) =>
        this.of(principal.account).shared.abilities.isUseful(principal, this.#techniques, this.#kind) ||
        this.#mayChange(changer, principal),
    }
  }

  /** Whether an Allow of a changer names a principal of its account, or a group or a policy that it has. */
  #mayChange(changer: Changer, principal: Principal): boolean {
    const { account } = changer.actor.variant.principal
    return account === principal.account && mayChange(this.of(account).shared, changer, principal)
  }

  readonly #controlled = new WeakMap<Actor, Map<Resource, ReturnType<typeof controls>>>()

  /** Whether an actor can run code on an instance: asked once. */
  #controls(side: Side, actor: Actor, resource: Resource): ReturnType<typeof controls> {
    const known = this.#controlled.get(actor) ?? new Map<Resource, ReturnType<typeof controls>>()
    this.#controlled.set(actor, known)
    return valueIn(known, resource, () => controls(side, this.usable(actor), actor, resource))
  }

  #sideOf(shared: Shared): Side {
    const prover: Prover = new Prover(
      shared.questions,
      (actor, resource) => this.#controls({ shared, prover }, actor, resource),
      (technique) => shared.readsOf(technique),
      this.budget,
    )
    prover.variantOf = (role) => this.of(role.account).shared.policySets.variant(role, [])
    return { shared, prover }
  }
}
