import type { ResidualCondition } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { isAtMost, type Sum } from '../proof/fact-graph.ts'
import { callsOf, isMaking, isShared, lowered, plansOf } from '../relevance/search-options.ts'
import type { Outline } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import { isChanging } from '../use/change-uses.ts'
import { maybeNotAssumed } from '../use/new-and-passed.ts'
import { type Changer, type Deferred, enoughWays, isTightWith } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { coversAction } from '../world/resource-policy.ts'
import { isIn, type Principal } from '../world/world.ts'
import type { Giving } from './giving.ts'
import { type Acting, Inherited } from './inherited.ts'
import type { Round } from './round.ts'

/**
 * A principal that is allowed the first calls of a technique, but not those that follow, or perhaps not in this case.
 */
interface Beginner {
  readonly actor: Actor
  readonly technique: Technique
  /** The calls that others must make, in lower case. */
  readonly missing: readonly string[]
  /** The use that is not proven; absent: any use of the technique. */
  readonly own?: OwnUse
}

/** The most choices of who makes the calls that are missing; of those that are in doubt, of several calls of one use. */
const mostChoices = 1_000
const mostInDoubt = 200

/** A new role must be assumed: by who made it, or by another one that its trust policy names. */
const assuming = 'sts:assumerole'
/** Beginners that nothing refuses an assumption are alike for this; of others as many are tried. */
const mostAssuming = 4

/**
 * Principals that use a technique together: one makes the first calls, and passes a role if one is passed. Others that the
 * attacker holds make the calls that follow.
 */
export class Partners {
  readonly #round: Round
  readonly #giving: Giving
  /** Has a changer look at what it can change, now and later. */
  readonly #change: (changer: Changer) => void
  /** By the account and the call. */
  readonly followers: Inherited<Acting>
  /** By the account and the call. */
  readonly waiting: Inherited<Beginner>
  /** The sums that partners that are alike have tried. */
  readonly tried: Inherited<Sum>
  readonly #techniques = new WeakMap<Actor, Technique>()
  /** The calls of something new that an actor is not allowed in every case. */
  readonly #made = new WeakMap<Actor, Set<string>>()

  constructor(
    round: Round,
    giving: Giving,
    change: (changer: Changer) => void,
    before: Partners | undefined,
  ) {
    this.#round = round
    this.#giving = giving
    this.#change = change
    this.followers = new Inherited(before?.followers, (each) => round.standing.actingNow(each))
    this.waiting = new Inherited(before?.waiting, (each) => round.standing.actingNow(each))
    this.tried = new Inherited(before?.tried, (sum) => sum)
  }

  #followersOf(call: string): readonly Actor[] {
    return this.followers.of(call).map(({ actor }) => actor)
  }

  /** Takes an actor into account. */
  visit(actor: Actor): void {
    const { account } = actor.variant.principal
    if (actor.variant.outside !== undefined) return
    const { begins, follows } = this.#round.common.sides.together(actor)
    const isBarred = maybeNotAssumed(actor)
    const others = this.#followersOf(`${account} ${assuming}`)
    const alike = others.filter((each) => maybeNotAssumed(each) === isBarred)
    this.#follow(actor, alike.length >= mostAssuming ? follows : [...follows, assuming])
    for (const { technique, missing } of begins)
      for (const each of missing) {
        this.#begin({ actor, technique, missing: each })
        if (technique.effect === 'makesRole' && isBarred)
          this.#begin({ actor, technique, missing: [...each, assuming] })
      }
  }

  /**
   * The others of an account that are not held: they are taken into account with the calls that follow those of others.
   * Of those that are alike, one is.
   */
  *offer(from: Principal, without: ReadonlySet<string>, goal: string | undefined): Generator<Actor> {
    const { sides, graph } = this.#round.common
    const { shared } = sides.of(from.account)
    const seen = new Set<string>()
    for (const principal of shared.index.principals.all) {
      if (principal === from || principal.arn === goal || without.has(principal.arn)) continue
      if (sides.allowsAnything(principal)) continue
      const form = principal.type === 'user' ? 'key' : 'assumed'
      const actor: Actor = { variant: shared.policySets.variant(principal, []), form }
      const { follows } = sides.together(actor)
      if (follows.length === 0 || graph.has(heldAs(actor))) continue
      const likeness = sides.likenessOf(actor)
      if (seen.has(likeness)) continue
      seen.add(likeness)
      yield actor
      this.#follow(actor, follows)
    }
  }

  /** Takes into account that an actor may make calls that follow those of others. */
  #follow(actor: Actor, calls: readonly string[]): void {
    const { account } = actor.variant.principal
    for (const action of calls) this.followers.add({ actor }, `${account} ${action}`)
    for (const action of calls)
      for (const beginner of this.waiting.of(`${account} ${action}`)) this.#useWith(beginner, actor, action)
  }

  /** Has a beginner use its technique with those who make the calls that are missing: now, and with others later. */
  #begin(beginner: Beginner): void {
    const { account } = beginner.actor.variant.principal
    for (const action of beginner.missing) this.waiting.add(beginner, `${account} ${action}`)
    this.#useWith(beginner)
  }

  #useWith(beginner: Beginner, follower?: Actor, call?: string): void {
    const { own } = beginner
    for (const partners of this.#of(beginner, follower, call))
      if (own === undefined) this.#round.push(() => this.use(partners))
      else this.#round.push(() => void this.#round.tryUses(partners, [this.#provedBy(partners, own)], {}))
  }

  #provedBy(partners: Actor, { technique, use }: OwnUse): OwnUse {
    const { prover } = this.#round.common.sides.ofActor(partners)
    const prove: OwnUse['prove'] = (target, by = partners) =>
      prover.prove(by, technique, target === undefined ? use.binding : { ...use.binding, target })
    return { technique, use, prove }
  }

  /** Has others make calls of a use that is not proven, if it may be because of these calls. */
  add(use: Deferred): void {
    const { actor, own, finding } = use
    const { technique } = own
    if (actor.helpers !== undefined || actor.variant.outside !== undefined || !isShared(technique)) return
    const calls = [...(finding === undefined ? this.#doubted(use) : hinderedBy(technique, finding))]
    for (const missing of calls.length === 0 ? [] : choicesIn(technique, new Set(calls)))
      if (!isMaking(technique)) this.#begin({ actor, technique, missing, own })
      else if (this.#isFirst(actor, technique, missing)) {
        // A use is of one gift; others may be given as well.
        const whole = this.#round.common.sides.techniques.find(({ id }) => id === technique.id)
        if (whole !== undefined) this.#begin({ actor, technique: whole, missing })
      }
  }

  #isFirst(actor: Actor, { id }: Technique, missing: readonly string[]): boolean {
    const known = this.#made.get(actor) ?? new Set()
    const name = `${id} ${missing.join()}`
    if (known.has(name)) return false
    this.#made.set(actor, known.add(name))
    return true
  }

  /** The calls that follow and that the actor is allowed in some cases only: another one may be allowed them in this one. */
  *#doubted({ actor, own }: Deferred): Generator<string> {
    const { doubted } = this.#round.common.sides.ofActor(actor).shared.said(actor)
    if (doubted.size === 0) return
    for (const call of followingOf(own.technique)) if (doubted.has(call)) yield call
  }

  /** Has partners use their technique: on what has come to count since a widening. */
  use(partners: Actor, since = 0): void {
    const { target } = this.#round.common
    const { expanded } = this.#round
    const technique = this.#techniques.get(partners)
    const facts = this.#round.factsOf(partners)
    if (technique === undefined || !this.#round.isValid(partners)) return
    if (target.isBeaten(facts) || this.#round.isBeyond(facts)) {
      this.#round.cut(partners)
      return
    }
    if (isChanging(technique)) {
      this.#change({ actor: partners, techniques: [technique], barred: [] })
      return
    }
    if (!isMaking(technique)) expanded.add(partners)
    if (!isMaking(technique)) {
      this.#try(partners, technique, since)
      return
    }
    this.#try(partners, technique, since, false)
    // Tags that policies ask for may be many.
    this.#round.push(() => this.#tag(partners, technique, since))
  }

  #tag(partners: Actor, technique: Technique, since: number): void {
    const facts = this.#round.factsOf(partners)
    if (this.#round.common.target.isBeaten(facts) || this.#round.isBeyond(facts)) {
      this.#round.cut(partners)
      return
    }
    this.#try(partners, technique, since, true)
  }

  #try(partners: Actor, technique: Technique, since: number, isTagged?: boolean): void {
    const { sides, target } = this.#round.common
    const facts = this.#round.factsOf(partners)
    const isLast = isTightWith(target, sides.ofActor(partners).shared, partners, technique, facts)
    if (isLast) this.#round.cut(partners)
    if (isLast && isTagged === true && target.isProven && target.ways() >= enoughWays) return
    this.#giving.try(partners, { technique, only: undefined, since, isLast, isTagged })
  }

  /** A beginner with everyone who may make the calls that are missing; with one of them for one call. */
  *#of(beginner: Beginner, follower?: Actor, call?: string): Generator<Actor> {
    const { actor, technique, missing, own } = beginner
    const { account } = actor.variant.principal
    const most = own !== undefined && missing.length > 1 ? mostInDoubt : mostChoices
    let choices: (readonly (readonly [string, Actor])[])[] = [[]]
    for (const action of missing) {
      const able = action === call && follower ? [follower] : this.#followersOf(`${account} ${action}`)
      const fitting = (able ?? []).filter((each) => this.#mayHelp(beginner, action, each))
      choices = choices
        .flatMap((before) => fitting.map((each) => [...before, [action, each] as const]))
        .slice(0, most)
    }
    for (const choice of choices) {
      const partners: Actor = { ...actor, helpers: new Map(choice) }
      if (own === undefined && this.#isTried(partners, technique)) continue
      this.#techniques.set(partners, technique)
      yield partners
    }
  }

  /** Whether another one may make a call. */
  #mayHelp({ actor, technique, own }: Beginner, call: string, follower: Actor): boolean {
    const { shared } = this.#round.common.sides.ofActor(actor)
    const { principal } = follower.variant
    // A new principal has another name than the one made before, which may be the only one that is allowed.
    if (isMaking(technique) && !isIn(shared.world, principal)) return false
    if (own === undefined) return true
    if (heldAs(actor) === heldAs(follower)) return false
    const { workload } = own.use.binding
    return (
      workload === undefined || !shared.takes(call, workload) || shared.allows(follower, call, workload.arn)
    )
  }

  /** Whether partners that are alike, and are held under no further conditions, use the technique. */
  #isTried(partners: Actor, technique: Technique): boolean {
    const { helpers, ...alone } = partners
    const { sides, graph } = this.#round.common
    const names = [...(helpers ?? [])].map(([action, each]) => `${action} ${sides.likenessOf(each)}`)
    const name = [technique.id, sides.likenessOf(alone), ...names].join('\n')
    const sum = graph.sumOf(this.#round.factsOf(partners))
    if (this.tried.of(name).some((other) => isAtMost(other, sum) && other.steps <= sum.steps)) return true
    this.tried.add(sum, name)
    return false
  }
}

/** The calls that follow in a technique, with that which assumes a new role. */
function followingOf(technique: Technique): ReadonlySet<string> {
  const { following } = callsOf(technique)
  return technique.effect === 'makesRole' ? new Set([...following, assuming]) : following
}

/** The calls in doubt of each way of a technique that others make: each alone, and two. */
function choicesIn(technique: Technique, calls: ReadonlySet<string>): Iterable<readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const more = technique.effect === 'makesRole' ? [assuming] : []
  for (const { needs } of plansOf(technique)) {
    const own = [...new Set([...needs.slice(1).map(({ action }) => lowered(action)), ...more])]
    const open = own.filter((call) => calls.has(call)).sort()
    for (const [place, one] of open.entries())
      for (const missing of [[one], ...open.slice(place + 1).map((other) => [one, other])])
        found.set(missing.join(), missing)
  }
  return found.values()
}

/** The calls that follow in a technique, because of which a use of it may not be proven; in lower case. */
function hinderedBy(technique: Technique, { verdict, refused, residual }: Outline): Iterable<string> {
  const { first } = callsOf(technique)
  const following = followingOf(technique)
  if (verdict === 'blocked') return refused === undefined || following.has(refused) ? following : []
  if (verdict === 'undecided') return following
  const isLeft = (call: string, each: ResidualCondition): boolean =>
    covers(each, call) && !first.some((other) => covers(each, other))
  return [...following].filter((call) => residual.some((each) => isLeft(call, each)))
}

/** Whether a condition that is left is one of a statement about an action. */
function covers({ by: { layer, statement } }: ResidualCondition, action: string): boolean {
  if (layer === 'resource') return false
  const { values, negated } = statement.action
  return (
    negated !==
    coversAction(
      values.map(({ value }) => value.toLowerCase()),
      action,
    )
  )
}
