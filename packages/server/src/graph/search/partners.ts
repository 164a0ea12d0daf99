import type { ResidualCondition } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { isAtMost, type Sum } from '../proof/fact-graph.ts'
import type { Goal } from '../proof/goal.ts'
import type { Together } from '../relevance/abilities.ts'
import { callsOf } from '../relevance/search-options.ts'
import type { Outline } from '../relevance/shared.ts'
import { factsOf, heldAs } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import { type Deferred, type Expanded, isTightWith, type Task, type TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { listIn } from '../world/lists.ts'
import { coversAction } from '../world/resource-policy.ts'
import type { Person } from '../world/world.ts'
import type { Giving } from './giving.ts'
import type { Sides } from './sides.ts'

/** What a search does with partners. */
interface Search {
  readonly sides: Sides
  readonly target: Goal
  readonly expanded: Expanded
  readonly giving: Giving
  push(task: Task): void
  tryUses(actor: Actor, uses: Iterable<OwnUse>, tried: TryOptions): Generator<void, unknown>
  /** Notes that partners did not try all. */
  cut(partners: Actor): void
  /** Whether what rests on some facts is not searched. */
  isBeyond(facts: readonly string[]): boolean
  has(fact: string): boolean
  sumOf(facts: readonly string[]): Sum
}

/** Who is allowed the first calls of a technique, but not those that follow. */
interface Beginner {
  readonly actor: Actor
  readonly technique: Technique
  /** The calls that others must make, in lower case. */
  readonly missing: readonly string[]
}

/** The most choices of who makes the calls that are missing. */
const mostChoices = 64

/**
 * Principals that use a technique together: one makes the first calls, and passes a role if one is passed. Others that the
 * attacker holds make the calls that follow.
 */
export class Partners {
  readonly #search: Search
  /** By the account and the call. */
  readonly #followers = new Map<string, Actor[]>()
  /** By the account and the call. */
  readonly #waiting = new Map<string, Beginner[]>()
  /** What was tried by partners that are alike. */
  readonly #tried = new Map<string, Sum[]>()
  readonly #techniques = new WeakMap<Actor, Technique>()
  /** Uses that are not proven, by the account and a call that another one may make instead. */
  readonly #open = new Map<string, Deferred[]>()

  constructor(search: Search) {
    this.#search = search
  }

  /** Takes an actor into account. */
  visit(actor: Actor): void {
    if (actor.variant.outside !== undefined) return
    const together = this.#search.sides.together(actor)
    for (const partners of this.#after(actor, together)) this.#search.push(() => this.use(partners))
    for (const partners of this.#before(actor, together)) this.#search.push(() => this.use(partners))
  }

  /**
   * The others of an account that are not held: they are taken into account with the calls that follow those of others.
   * Of those that are alike, one is.
   */
  *offer(from: Person, without: ReadonlySet<string>, goal: string | undefined): Generator<Actor> {
    const { sides } = this.#search
    const { shared } = sides.of(from.account)
    const seen = new Set<string>()
    for (const person of shared.index.people.all) {
      if (person === from || person.arn === goal || without.has(person.arn)) continue
      if (sides.allowsAnything(person)) continue
      const form = person.type === 'user' ? 'key' : 'assumed'
      const actor: Actor = { variant: shared.wardrobe.variant(person, []), form }
      const together = sides.together(actor)
      if (together.follows.length === 0 || this.#search.has(heldAs(actor))) continue
      const likeness = sides.likenessOf(actor)
      if (seen.has(likeness)) continue
      seen.add(likeness)
      yield actor
      for (const partners of this.#after(actor, together)) this.#search.push(() => this.use(partners))
    }
  }

  /** The partners that an actor makes possible by calls that follow those of others. */
  *#after(actor: Actor, { follows }: Together): Generator<Actor> {
    const { account } = actor.variant.person
    for (const action of follows) {
      listIn(this.#followers, `${account} ${action}`).push(actor)
      for (const use of this.#open.get(`${account} ${action}`) ?? []) this.#ask(use, action, actor)
    }
    for (const action of follows)
      for (const beginner of this.#waiting.get(`${account} ${action}`) ?? [])
        yield* this.#of(beginner, actor, action)
  }

  /** The partners that an actor makes possible by calls that others follow. */
  *#before(actor: Actor, { begins }: Together): Generator<Actor> {
    const { account } = actor.variant.person
    for (const { technique, missing } of begins)
      for (const each of missing) {
        const beginner: Beginner = { actor, technique, missing: each }
        for (const action of each) listIn(this.#waiting, `${account} ${action}`).push(beginner)
        yield* this.#of(beginner)
      }
  }

  /** Has others make calls of a use that is not proven, if it may be because of these calls. */
  add(use: Deferred): void {
    const { actor, own, finding } = use
    if (actor.helpers !== undefined || actor.variant.outside !== undefined) return
    if (own.technique.effect !== 'becomes') return
    const calls = finding === undefined ? this.#doubted(use) : hinderedBy(own.technique, finding)
    for (const call of calls) {
      const name = `${actor.variant.person.account} ${call}`
      listIn(this.#open, name).push(use)
      for (const follower of this.#followers.get(name) ?? []) this.#ask(use, call, follower)
    }
  }

  /** The calls that follow and that the actor is allowed in some cases only: another one may be allowed them in this one. */
  *#doubted({ actor, own }: Deferred): Generator<string> {
    const { doubted } = this.#search.sides.ofActor(actor).shared.said(actor)
    if (doubted.size === 0) return
    for (const call of callsOf(own.technique).following) if (doubted.has(call)) yield call
  }

  #ask({ actor, own }: Deferred, call: string, follower: Actor): void {
    if (heldAs(actor) === heldAs(follower)) return
    const { shared, prover } = this.#search.sides.ofActor(actor)
    const { technique, use } = own
    const { wearer } = use.binding
    if (wearer !== undefined && shared.takes(call, wearer) && !shared.allows(follower, call, wearer.arn))
      return
    const partners: Actor = { ...actor, helpers: new Map([[call, follower]]) }
    const prove: OwnUse['prove'] = (target) =>
      prover.prove(partners, technique, target === undefined ? use.binding : { ...use.binding, target })
    this.#search.push(() => this.#search.tryUses(partners, [{ technique, use, prove }], {}))
  }

  /** Has partners use their technique: on what has come to count since a widening. */
  *use(partners: Actor, since = 0): Generator<void> {
    const { sides, target, expanded } = this.#search
    const technique = this.#techniques.get(partners)
    const facts = factsOf(partners)
    if (technique === undefined) return
    if (target.isBeaten(facts) || this.#search.isBeyond(facts)) return this.#search.cut(partners)
    expanded.add(partners)
    const isLast = isTightWith(target, sides.ofActor(partners).shared, partners, technique, facts)
    if (isLast) this.#search.cut(partners)
    const until = sides.widenings
    yield* this.#search.giving.try(partners, { technique, only: undefined, since, until, isLast })
  }

  /** A beginner with everyone who may make the calls that are missing; with one of them for one call. */
  *#of({ actor, technique, missing }: Beginner, follower?: Actor, call?: string): Generator<Actor> {
    const { account } = actor.variant.person
    let choices: (readonly (readonly [string, Actor])[])[] = [[]]
    for (const action of missing) {
      const able = action === call && follower ? [follower] : this.#followers.get(`${account} ${action}`)
      choices = choices
        .flatMap((before) => (able ?? []).map((each) => [...before, [action, each] as const]))
        .slice(0, mostChoices)
    }
    for (const choice of choices) {
      const partners: Actor = { ...actor, helpers: new Map(choice) }
      if (this.#isTried(partners, technique)) continue
      this.#techniques.set(partners, technique)
      yield partners
    }
  }

  /** Whether partners that are alike, and are held under no further conditions, use the technique. */
  #isTried(partners: Actor, technique: Technique): boolean {
    const { helpers, ...alone } = partners
    const names = [...(helpers ?? [])].map(
      ([action, each]) => `${action} ${this.#search.sides.likenessOf(each)}`,
    )
    const name = [technique.id, this.#search.sides.likenessOf(alone), ...names].join('\n')
    const sum = this.#search.sumOf(factsOf(partners))
    const before = listIn(this.#tried, name)
    if (before.some((other) => isAtMost(other, sum) && other.steps <= sum.steps)) return true
    before.push(sum)
    return false
  }
}

/** The calls that follow in a technique, because of which a use of it may not be proven; in lower case. */
function hinderedBy(technique: Technique, { verdict, refused, residual }: Outline): Iterable<string> {
  const { first, following } = callsOf(technique)
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
