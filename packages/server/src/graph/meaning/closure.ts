import type { Technique, TechniqueTable } from '../../authorization/catalogue/index.ts'
import { type Finding, findingProves } from '../proof/finding.ts'
import { Prover } from '../proof/prove.ts'
import { quota, Reads } from '../proof/records.ts'
import { administratorOf } from '../relevance/administrator.ts'
import { isAssuming, isShared, plansOf } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { type Actor, followingCalls } from '../request/actor.ts'
import { heldName } from '../request/binding.ts'
import type { Carried } from '../request/carried.ts'
import { type Change, changeName, subjectOf } from '../request/change.ts'
import type { Form } from '../request/form.ts'
import { sharedOf } from '../search/view.ts'
import { changesOn, isChanging, isOfAnother, type Subject, tagUses } from '../use/change-uses.ts'
import { controls } from '../use/controls.ts'
import { rewritableBy } from '../use/search-parts.ts'
import { taggedBindings } from '../use/tags-of-resources.ts'
import { type OwnUse, plain, type UseQuestion } from '../use/targets.ts'
import { usesOf } from '../use/uses.ts'
import { coversAction } from '../world/resource-policy.ts'
import { accountsIn, type Principal, principalOf, principalsIn, type World } from '../world/world.ts'
import { edited, editedPrincipal, isInEffect, openTrust, type Written } from './edits.ts'
import { isGrowing } from './growing.ts'

/** The goal of a question: a principal, or an administrator of an account; of any, if there is neither. */
export interface Goal {
  readonly to?: Principal | undefined
  readonly account?: string | undefined
}

/** The verdicts in the order in which they are looked for. */
export const verdicts = ['proven', 'conditional', 'undecided'] as const

/** Credentials that the attacker holds. */
interface Session {
  readonly principal: Principal
  readonly form: Form
  readonly carried: Carried
  readonly isStart?: boolean
}

/** The accounts as the attacker has made them, and the sessions that it holds. A session that is held is never lost. */
export interface State {
  readonly world: World
  readonly held: ReadonlyMap<string, Session>
  /** The edits that may take something away, by their subjects. */
  readonly edits: ReadonlyMap<string, string>
  readonly steps: readonly string[]
}

/** The question of which a state is searched. */
export interface Setting {
  readonly table: TechniqueTable
  readonly goal: Goal
  /** The place of the weakest verdict that counts. */
  readonly rank: number
  /** Returns how many proofs may still be asked for. */
  readonly most: () => number
}

/** The number of uses that may be looked at for each proof that may be asked for: most are known, or in effect. */
const usesOfProof = 50

/** A use, with the actor that makes it. */
interface Instance {
  readonly own: OwnUse
  readonly actor: Actor
}

/** Everything that follows in one state: every session, and every edit that only adds. */
export class Closure {
  world: World
  readonly held: Map<string, Session>
  readonly edits: ReadonlyMap<string, string>
  /** The names of the sessions that are held and of the edits that were made. */
  readonly facts: Set<string>
  readonly steps: string[]
  /** The number of uses that were looked at, and of proofs that were asked for. */
  tried = 0
  asked = 0
  /** Whether a limit ended this before everything was taken. */
  isCut = false
  readonly #setting: Setting
  readonly #others = new Map<string, Change>()
  readonly #rewritable = new Set<string>()
  readonly #trust: Written['trust']
  #shared: Shared
  #techniques: readonly Technique[]
  #provers = new Map<string, Prover>()

  constructor({ world, held, edits, steps }: State, setting: Setting) {
    this.world = world
    this.held = new Map(held)
    this.edits = edits
    this.facts = new Set(held.keys())
    this.steps = [...steps]
    this.#setting = setting
    const services = setting.table.techniques.flatMap(({ trusts }) =>
      trusts?.type === 'service' ? trusts.name : [],
    )
    this.#trust = openTrust([...new Set(services)])
    this.#shared = sharedOf(world, setting.table)
    this.#techniques = this.#shared.techniques({ derived: false, retired: false })
  }

  /** The policies that the attacker writes. */
  get written(): Written {
    return { everything: this.#shared.policySets.everything, trust: this.#trust }
  }

  /** Returns the edits that may take something away, with their subjects: each leads to another state. */
  otherEdits(): readonly (readonly [string, Change])[] {
    return [...this.#others.values()].map((change) => [subjectOf(change), change])
  }

  /** Returns the sessions that are held after an edit, which may be one of a principal that the attacker has made. */
  heldAfter(change: Change): Map<string, Session> {
    const after = ({ principal, ...session }: Session): Session => ({
      ...session,
      principal:
        principal.arn === change.arn && this.#isMade(principal)
          ? editedPrincipal(principal, change, this.written)
          : principal,
    })
    return new Map([...this.held].map(([name, session]) => [name, after(session)]))
  }

  /** Takes everything that follows. Returns whether the goal is reached. */
  run(): boolean {
    if (this.#isReached(this.held.values())) return true
    for (let isNew = true; isNew; ) {
      const rewritable = this.#rewritable.size
      const edits = new Map<string, Change>()
      const actors = [...this.held.values()].map((session) => this.#actorOf(session))
      for (const actor of actors) for (const policy of this.#rewritten(actor)) this.#rewritable.add(policy)
      isNew = this.#rewritable.size > rewritable
      for (const instance of this.#instances(actors)) {
        if (++this.tried > this.#setting.most() * usesOfProof || this.asked >= this.#setting.most()) {
          this.isCut = true
          return false
        }
        const session = this.#take(instance, edits)
        if (session === undefined) continue
        isNew = true
        if (this.#isReached([session])) return true
      }
      for (const change of edits.values()) {
        for (const [name, session] of this.heldAfter(change)) this.held.set(name, session)
        this.world = edited(this.world, change, this.written)
      }
      if (edits.size === 0) continue
      isNew = true
      this.#others.clear()
      this.#shared = sharedOf(this.world, this.#setting.table)
      this.#provers = new Map()
      if (this.#isReached(this.held.values())) return true
    }
    return false
  }

  /** Takes the outcome of a use that is possible: a session is held and returned, an edit is noted. */
  #take(instance: Instance, edits: Map<string, Change>): Session | undefined {
    const { technique, use } = instance.own
    const { outcome, before = [] } = use
    if (!before.every((fact) => this.held.has(fact))) return undefined
    if (outcome.is === 'held') {
      const name = heldName(outcome.principal, outcome.form, outcome.carried)
      if (this.held.has(name) || !this.#isPossible(instance)) return undefined
      this.held.set(name, outcome)
      this.#note(technique, name)
      return outcome
    }
    const { change } = outcome
    const name = changeName(change)
    const made = [...this.held.values()].flatMap(({ principal }) =>
      this.#isMade(principal) ? principal : [],
    )
    const isKnown = edits.has(name) || this.#others.has(name)
    if (isKnown || isInEffect(this.world, made, change, this.written) || this.#isFull(change))
      return undefined
    if (!this.#isPossible(instance)) return undefined
    if (isGrowing(this.#shared, change)) {
      edits.set(name, change)
      this.#note(technique, name)
    } else this.#others.set(name, change)
    return undefined
  }

  /** Says whether a quota leaves no room for an edit. Room is made by an edit of its own; AWS may have raised one quota. */
  #isFull(change: Change): boolean {
    const owner = principalOf(this.world, change.arn)
    if (change.is === 'joined') return owner?.type === 'user' && owner.groups.length >= quota.groups
    if (change.is !== 'attached' || owner === undefined) return false
    return owner.attached.length >= (this.#setting.rank === 2 ? quota.attachedMost : quota.attached)
  }

  #note(technique: Technique, fact: string): void {
    this.facts.add(fact)
    this.steps.push(`${technique.id}: ${fact}`)
  }

  /** Says whether a principal is in no account: the attacker has made it. */
  #isMade({ arn }: Principal): boolean {
    return principalOf(this.world, arn) === undefined
  }

  #isReached(sessions: Iterable<Session>): boolean {
    const { to, account } = this.#setting.goal
    for (const session of sessions) {
      if (session.principal.arn === to?.arn) return true
      if (to !== undefined || (account !== undefined && session.principal.account !== account)) continue
      const { world, questions } = this.#sharedOf(session.principal)
      const { is } = administratorOf(world, this.#actorOf(session), questions)
      if (is !== 'no' && { yes: 0, conditional: 1, unknown: 2 }[is] <= this.#setting.rank) return true
    }
    return false
  }

  #sharedOf({ account }: Principal): Shared {
    return this.#shared.neighbours.of(account) ?? this.#shared
  }

  #actorOf({ principal, form, carried, isStart = false }: Session): Actor {
    const now = principalOf(this.world, principal.arn) ?? principal
    const variant = this.#sharedOf(now).policySets.variant(now, [], carried)
    return { variant: isStart ? { ...variant, isStart } : variant, form }
  }

  #proverOf(shared: Shared): Prover {
    const { account } = shared.world
    let prover = this.#provers.get(account)
    if (prover === undefined) {
      const made: Prover = new Prover(
        shared.questions,
        (actor, resource) => controls({ shared, prover: made }, this.#usable(actor), actor, resource),
        () => new Reads(),
      )
      made.variantOf = (role) => this.#sharedOf(role).policySets.variant(role, [])
      this.#provers.set(account, made)
      prover = made
    }
    return prover
  }

  #usable(actor: Actor): readonly Technique[] {
    return this.#sharedOf(actor.variant.principal).abilities.usable(actor, this.#techniques, 'meaning')
  }

  #rewritten(actor: Actor): Iterable<string> {
    const techniques = this.#usable(actor)
    return rewritableBy(this.#sharedOf(actor.variant.principal), { actor, techniques, barred: [] })
  }

  /** Says whether a use is possible as things are, or once the attacker has changed the tags of its resources. */
  #isPossible({ own, actor }: Instance): boolean {
    this.asked++
    if (this.#isEnough(own.prove())) return true
    const shared = this.#sharedOf(actor.variant.principal)
    const { technique, use } = own
    const others = [...this.held.values()]
      .map((session) => this.#actorOf(session))
      .filter(({ variant }) => variant.principal.account === actor.variant.principal.account)
      .filter((other) => other.variant.principal.arn !== actor.variant.principal.arn)
    for (const each of taggedBindings({ shared, actor, technique, binding: use.binding, others }))
      if (this.#isEnough(this.#proverOf(shared).prove(each.actor, technique, each.binding))) return true
    return false
  }

  #isEnough(finding: Finding): boolean {
    if (finding === undefined || finding.verdict === 'blocked' || !findingProves(finding)) return false
    return verdicts.indexOf(finding.verdict) <= this.#setting.rank
  }

  /** Everything that the attacker may try with its sessions: each by itself, and with others that make calls which follow. */
  *#instances(actors: readonly Actor[]): Generator<Instance> {
    for (const actor of actors)
      for (const technique of this.#usable(actor)) yield* this.#instancesOf(actor, technique)
    if (actors.length === 1) return
    for (const actor of actors)
      for (const technique of this.#techniques)
        if (isShared(technique) && !isAssuming(technique))
          for (const helped of this.#helped(actor, actors, technique))
            yield* this.#instancesOf(helped, technique)
  }

  /** An actor with others that make calls of a technique in its place, after its own first call. */
  *#helped(actor: Actor, actors: readonly Actor[], technique: Technique): Generator<Actor> {
    const { principal } = actor.variant
    const others = actors.filter(
      (each) => each !== actor && each.variant.principal.account === principal.account,
    )
    const { resourcePolicies } = this.#sharedOf(principal).index
    const may = ({ variant }: Actor, action: string): boolean =>
      (variant.policies.identity?.candidates(action).allow.all.length ?? 0) > 0 ||
      coversAction(resourcePolicies.actionsFor(variant.principal), action.toLowerCase())
    for (const { needs } of plansOf(technique)) {
      const [first, ...later] = needs
      if (first === undefined || !may(actor, first.action)) continue
      const made = technique.effect === 'makesRole' ? ['sts:AssumeRole'] : []
      const calls = later
        .map(({ action }) => action)
        .filter((action) => followingCalls().has(action.toLowerCase()))
      let choices: (readonly (readonly [string, Actor])[])[] = [[]]
      for (const call of new Set([...calls, ...made]))
        choices = choices.flatMap((each) => [
          each,
          ...others
            .filter((other) => may(other, call))
            .map((other) => [...each, [call.toLowerCase(), other] as const]),
        ])
      for (const choice of choices) if (choice.length > 0) yield { ...actor, helpers: new Map(choice) }
    }
  }

  *#instancesOf(actor: Actor, technique: Technique): Generator<Instance> {
    const shared = this.#sharedOf(actor.variant.principal)
    const prover = this.#proverOf(shared)
    const question: UseQuestion = { shared, prover, technique, actor, only: undefined }
    for (const own of this.#usesOf(question)) if (own !== undefined) yield { own, actor }
  }

  *#usesOf(question: UseQuestion): Generator<OwnUse | undefined> {
    const { shared, actor, technique } = question
    if (!isChanging(technique)) {
      yield* usesOf(question)
      if (technique.effect === 'makesUser' || technique.effect === 'makesRole')
        yield* usesOf({ ...question, isLetIn: true })
      if (technique.effect === 'writesTrust')
        yield* plain(
          question,
          [...shared.world.roles.values()].map((role) => ({
            binding: { target: role },
            outcome: { is: 'change', change: { is: 'trust', arn: role.arn } } as const,
            to: role.arn,
          })),
        )
      return
    }
    for (const subject of this.#subjects(shared)) {
      if (isOfAnother(subject, actor.variant.principal.account)) continue
      const asked = { shared, technique, actor, subject, rewritable: this.#rewritable }
      if (technique.effect !== 'writesTags' || subject.is !== 'principal')
        yield* plain(question, changesOn(asked))
      else {
        const { tags } = shared.classes
        const { comparedTags, tagsWanted } = shared.reading
        const own = Object.entries(subject.principal.tags)
        const pairs = [...tags.principal, ...tags.resource, ...comparedTags, ...tagsWanted, ...own]
        yield* plain(question, tagUses(asked, subject.principal, pairs))
      }
    }
  }

  *#subjects({ world }: Shared): Generator<Subject> {
    for (const principal of principalsIn(world)) yield { is: 'principal', principal }
    for (const { principal } of this.held.values())
      if (this.#isMade(principal)) yield { is: 'principal', principal }
    for (const group of world.groups.values()) yield { is: 'group', group }
    for (const policy of world.policies.values()) yield { is: 'policy', policy }
    for (const { account } of accountsIn(world)) yield { is: 'account', account }
  }
}
