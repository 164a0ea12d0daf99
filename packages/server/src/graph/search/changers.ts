import type { Goal } from '../proof/goal.ts'
import { Tried } from '../prospect/saying.ts'
import { factsOf, heldAs } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import { arnOf, changesOn, isChanging, isOfAnother, type Subject } from '../use/change-uses.ts'
import {
  Barren,
  type BarrenQuestion,
  type Changer,
  enoughWays,
  isOutdone,
  likenessOf,
  ownSubjects,
  rewritableBy,
  type Task,
  type TryOptions,
} from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { plain } from '../use/targets.ts'
import type { Person } from '../world/world.ts'
import { actorName } from './administrators.ts'
import type { Blocked } from './blocked.ts'
import type { Held, Holdings } from './holdings.ts'
import type { Sides } from './sides.ts'

/** The search that changers belong to. */
interface Search {
  readonly sides: Sides
  readonly holdings: Holdings
  readonly target: Goal
  readonly blocked: Blocked
  /** Does something later. */
  push(task: Task): void
  /** Tries uses; says whether something was found of one. */
  tryUses(actor: Actor, uses: Iterable<OwnUse>, options: TryOptions): boolean
  /** Whether everything is searched, and an administrator could do what these facts allow. */
  isBeyond(facts: readonly string[]): boolean
  /** Notes that an actor was not searched to its end. */
  cut(actor: Actor): void
  /** Whether steps that are stopped may be shown. */
  wantsBlocked(): boolean
  /** Whether what is held counts as searched, because something alike is. */
  isAside(held: Held): boolean
}

/** The actors of a search that can change something: each tries all that matters, and what comes to matter later. */
export class Changers {
  readonly #search: Search
  readonly #all = new Map<Actor, Changer>()
  /** The things that belong to the principal that the search begins with. */
  #nearby: ReadonlySet<string> = new Set()
  readonly #rewritable = new Set<string>()
  /** Uses that depend on which policies can be rewritten, to be looked for again. */
  readonly #again: Task[] = []
  readonly #barren = new Barren()
  readonly #tried = new Tried()

  constructor(search: Search) {
    this.#search = search
  }

  /** Says where the search begins. */
  begin(from: Person): void {
    this.#nearby = ownSubjects(this.#search.sides.of(from.account).shared.world, from)
  }

  /** The things that an actor can change, and could not with fewer changes. */
  of(actor: Actor): Changer {
    const { sides } = this.#search
    const { shared } = sides.ofActor(actor)
    const all = sides.usable(actor).filter(isChanging)
    const held = heldAs(actor)
    const own = all.filter((technique) => !this.#tried.has(shared, actor, held, technique, 0))
    const { true: barred = [], false: techniques = [] } = Object.groupBy(own, (technique) =>
      String(shared.abilities.isBarred(actor, technique)),
    )
    return { actor, techniques, barred }
  }

  /** Has everything that an actor can change tried again. */
  forget(actor: Actor): void {
    this.#tried.forget(heldAs(actor))
  }

  /** Has an actor change what it can: itself at once, because often nothing else is needed. */
  add(changer: Changer): void {
    const { sides, holdings, blocked } = this.#search
    if (changer.barred.length > 0 && this.#search.wantsBlocked()) blocked.later(() => this.#stop(changer))
    if (changer.techniques.length === 0) return
    this.#all.set(changer.actor, changer)
    this.#learnRewritable(changer)
    const { person } = changer.actor.variant
    const own = ownSubjects(sides.of(person.account).shared.world, person)
    const others: Subject[] = []
    for (const subject of holdings.subjects())
      if (own.has(arnOf(subject))) this.tryOn(changer, subject)
      else others.push(subject)
    if (others.length > 0) this.#search.push(() => this.#tryEach([changer], others))
  }

  /** Has each of them look at what has come to matter. */
  propose(): void {
    const subjects = this.#search.holdings.freshSubjects()
    const changers = [...this.#all.values()]
    if (subjects.length * changers.length > 0) this.#search.push(() => this.#tryEach(changers, subjects))
  }

  /** Has changers look at what has come to matter. */
  #tryEach(changers: readonly Changer[], subjects: readonly Subject[]): void {
    const { sides } = this.#search
    for (const subject of subjects)
      for (const changer of changers) {
        this.tryOn(changer, subject)
        sides.budget.look()
      }
  }

  /** Asks whether an actor can change something in a way that is worth something. */
  tryOn({ actor, techniques }: Pick<Changer, 'actor' | 'techniques'>, subject: Subject): void {
    const { sides, target } = this.#search
    const { person } = actor.variant
    const { shared, prover } = sides.ofActor(actor)
    if (isOfAnother(subject, person.account)) return
    const facts = factsOf(actor)
    if (target.isBeaten(facts) || this.#search.isBeyond(facts)) {
      this.#search.cut(actor)
      return
    }
    if (target.isTight(facts)) {
      this.#search.cut(actor)
      // What belongs to neither needs one step more.
      const arn = arnOf(subject)
      const isNear = this.#nearby.has(arn) || ownSubjects(shared.world, person).has(arn)
      if (!isNear || target.ways() > enoughWays) return
    }
    const rewritable = this.#rewritable
    for (const technique of techniques) {
      if (isOutdone(target, shared, actor, technique, facts)) {
        this.#search.cut(actor)
        continue
      }
      const uses = changesOn({ shared, technique, actor, subject, rewritable })
      const question = { shared, prover, technique, actor, only: undefined }
      const like = likenessOf(question, subject)
      if (like !== undefined && this.#isLeft(like, subject)) continue
      const worth = plain(question, like === undefined ? uses : this.#barren.without(like, uses))
      this.#search.tryUses(actor, worth, like === undefined ? {} : { barren: this.#barren, like })
    }
    const attaching = techniques.filter(({ effect }) => effect === 'attachesPolicy')
    if (attaching.length > 0) this.#again.push(() => this.tryOn({ actor, techniques: attaching }, subject))
  }

  /** Asks for one refusal of each technique that the boundary or an SCP refuses on anything. */
  #stop({ actor, barred }: Changer): void {
    const { sides, holdings } = this.#search
    const { shared, prover } = sides.ofActor(actor)
    const { person } = actor.variant
    const own = ownSubjects(shared.world, person)
    const { true: first = [], false: others = [] } = Object.groupBy(holdings.subjects(), (subject) =>
      String(own.has(arnOf(subject))),
    )
    const left = new Set(barred)
    for (const subject of [...first, ...others]) {
      if (isOfAnother(subject, person.account)) continue
      for (const technique of left) {
        const uses = changesOn({ shared, technique, actor, subject, rewritable: this.#rewritable })
        const question = { shared, prover, technique, actor, only: undefined }
        if (this.#search.tryUses(actor, plain(question, uses), { isOnce: true })) left.delete(technique)
      }
      if (left.size === 0) return
    }
  }

  /**
   * Whether a policy or a group is not tried on a principal: it counts as searched, because another one is that may do the
   * same, has no change yet, and the same was tried on the other one.
   */
  #isLeft({ actor, technique, like }: BarrenQuestion, subject: Subject): boolean {
    if (subject.is !== 'person') return false
    const { person } = subject
    const { sides, holdings, isAside } = this.#search
    const key = `${actorName(actor)}\n${sides.classOf(person)}\n${technique.id}`
    // What was given to is named anew: proofs may have read more since then.
    const given = this.#given.get(key) ?? []
    const hasRead = sides.of(person.account).shared.readsOf(technique).version > 0
    const isGiven = hasRead && given.some((each) => each() === like())
    const forms = holdings.formsOf(person)
    const mayLeave = forms.length > 0 && forms.every(isAside) && holdings.changesOf(person).length === 0
    if (!mayLeave) {
      if (!isGiven) this.#given.set(key, [...given, like])
    } else if (isGiven) {
      const changer = { actor, techniques: [technique] }
      const left = this.#left.get(person.arn) ?? []
      this.#left.set(person.arn, left)
      left.push(() => this.tryOn(changer, subject))
      return true
    }
    return false
  }

  /** The names of whom techniques were tried on, by the actor, the class and the technique. */
  readonly #given = new Map<string, readonly BarrenQuestion['like'][]>()
  /** The tasks that were not tried on principals, by their ARNs. */
  readonly #left = new Map<string, Task[]>()

  /** Has what was not tried on a principal tried: it is searched now, or changed. */
  takeUp({ arn }: Person): void {
    const left = this.#left.get(arn)
    if (left === undefined) return
    this.#left.delete(arn)
    for (const task of left) this.#search.push(task)
  }

  /** Policies that an actor can rewrite are worth attaching. */
  #learnRewritable(changer: Changer): void {
    const before = this.#rewritable.size
    for (const arn of rewritableBy(this.#search.sides.ofActor(changer.actor).shared, changer))
      this.#rewritable.add(arn)
    if (this.#rewritable.size > before) for (const task of this.#again.splice(0)) this.#search.push(task)
  }
}
