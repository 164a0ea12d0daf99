import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import type { Change } from '../request/change.ts'
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
} from '../use/search-parts.ts'
import { plain } from '../use/targets.ts'
import { setIn } from '../world/lists.ts'
import type { Principal } from '../world/world.ts'
import { actorName } from './administrators.ts'
import { Inherited } from './inherited.ts'
import type { Round } from './round.ts'

/** The actors of a state that can change something: each tries all that matters, and what comes to matter later. */
export class Changers {
  readonly #round: Round
  readonly #before: Changers | undefined
  /** All of them, of this state and of those before it. */
  readonly all: Inherited<Changer>
  /** The things that belong to the principal that the search begins with. */
  #nearby: ReadonlySet<string> = new Set()
  readonly #rewritable = new Set<string>()
  /** Uses that depend on which policies can be rewritten, to be looked for again. */
  readonly #again: Task[] = []
  readonly #barren = new Barren()
  /** The number of things that matter and were looked at. */
  seen: number

  constructor(round: Round, before: Changers | undefined) {
    this.#round = round
    this.#before = before
    this.all = new Inherited(before?.all, (each) => round.standing.changerNow(each))
    this.seen = before?.seen ?? 0
    this.#nearby = before === undefined ? new Set() : before.#nearby
  }

  /** Says where the search begins. */
  beginAt(from: Principal): void {
    this.#nearby = ownSubjects(this.#round.common.sides.of(from.account).shared.world, from)
  }

  /** In a state after a change: what those who are concerned can change of that which was changed. */
  begin(change: Change, isConcerned: (actor: Actor) => boolean): void {
    const { common, standing } = this.#round
    const subject = common.holdings.subjects.find((each) => arnOf(each) === change.arn)
    if (subject === undefined) return
    const principal = subject.is === 'principal' ? subject.principal : undefined
    this.#round.push(() => {
      for (const { actor, techniques, barred } of latest(this.all.of())) {
        if (!isConcerned(actor)) continue
        const own = techniques.filter((each) => standing.mayCount(change, principal, actor, each))
        this.#tryEach([{ actor, techniques: own, barred }], [subject])
      }
    })
  }

  /** Whether something has come to matter that was not looked at. */
  get isBehind(): boolean {
    return this.seen < this.#round.common.holdings.subjects.length
  }

  /** The techniques by which an actor can change things. */
  of(actor: Actor): Changer {
    const { sides } = this.#round.common
    const { shared } = sides.ofActor(actor)
    const all = sides.usable(actor).filter(isChanging)
    const { true: barred = [], false: techniques = [] } = Object.groupBy(all, (technique) =>
      String(shared.abilities.isBarred(actor, technique)),
    )
    return { actor, techniques, barred }
  }

  /** Has an actor change what it can: itself at once, because often nothing else is needed. */
  add(changer: Changer): void {
    const { sides, holdings, blocked } = this.#round.common
    if (changer.barred.length > 0 && this.#round.wantsBlocked()) blocked.later(() => this.#stop(changer))
    if (changer.techniques.length === 0) return
    this.all.add(changer)
    this.#learnRewritable(changer)
    const { principal } = changer.actor.variant
    const own = ownSubjects(sides.of(principal.account).shared.world, principal)
    const others: Subject[] = []
    for (const subject of holdings.subjects.slice(0, this.seen))
      if (own.has(arnOf(subject))) this.tryOn(changer, subject)
      else others.push(subject)
    if (others.length > 0) this.#round.push(() => this.#tryEach([changer], others))
  }

  /** Has each of them look at what has come to matter. */
  propose(): void {
    if (!this.isBehind) return
    const subjects = this.#round.common.holdings.subjects.slice(this.seen)
    this.seen += subjects.length
    // Changers of the states before did not ask about the principal as it is now.
    const { true: changed = [], false: others = [] } = Object.groupBy(subjects, (subject) =>
      String(this.#round.state.changesOf(arnOf(subject)).length > 0),
    )
    const changers = latest(this.all.ownOf())
    if (others.length * changers.length > 0) this.#round.push(() => this.#tryEach(changers, others))
    if (changed.length > 0) this.#round.push(() => this.#tryEach(latest(this.all.of()), changed))
  }

  /** Has changers look at what has come to matter. */
  #tryEach(changers: readonly Changer[], subjects: readonly Subject[]): void {
    const { sides } = this.#round.common
    for (const subject of subjects)
      for (const changer of changers) {
        this.tryOn(changer, subject)
        sides.budget.look()
      }
  }

  /** Asks whether an actor can change something in a way that is worth something. */
  tryOn({ actor, techniques }: Pick<Changer, 'actor' | 'techniques'>, subject: Subject): void {
    const { sides, target } = this.#round.common
    const { principal } = actor.variant
    const { shared, prover } = sides.ofActor(actor)
    if (isOfAnother(subject, principal.account)) return
    const facts = this.#round.factsOf(actor)
    if (target.isBeaten(facts) || this.#round.isBeyond(facts)) {
      this.#round.cut(actor)
      return
    }
    if (target.isTight(facts)) {
      this.#round.cut(actor)
      // A principal that belongs to neither needs one step more.
      const arn = arnOf(subject)
      const isNear = this.#nearby.has(arn) || ownSubjects(shared.world, principal).has(arn)
      if (!isNear || target.ways() > enoughWays) return
    }
    const rewritable = new Set(this.rewritten())
    const now = this.#round.state.subjectNow(subject)
    for (const technique of techniques) {
      if (isOutdone(target, shared, actor, technique, facts)) {
        this.#round.cut(actor)
        continue
      }
      const uses = changesOn({ shared, technique, actor, subject: now, rewritable })
      const question = { shared, prover, technique, actor, only: undefined }
      const like = likenessOf(question, now)
      if (like !== undefined && this.#isLeft(like, subject)) continue
      const worth = plain(question, like === undefined ? uses : this.#barren.without(like, uses))
      this.#round.tryUses(actor, worth, like === undefined ? {} : { barren: this.#barren, like })
    }
    const attaching = techniques.filter(({ effect }) => effect === 'attachesPolicy')
    if (attaching.length > 0) this.#again.push(() => this.tryOn({ actor, techniques: attaching }, subject))
  }

  /** Asks for one refusal of each technique that the boundary or an SCP refuses on anything. */
  #stop({ actor, barred }: Changer): void {
    const { sides, holdings } = this.#round.common
    const { shared, prover } = sides.ofActor(actor)
    const { principal } = actor.variant
    const own = ownSubjects(shared.world, principal)
    const { true: first = [], false: others = [] } = Object.groupBy(holdings.subjects, (subject) =>
      String(own.has(arnOf(subject))),
    )
    const left = new Set(barred)
    for (const subject of [...first, ...others]) {
      if (isOfAnother(subject, principal.account)) continue
      for (const technique of left) {
        const uses = changesOn({ shared, technique, actor, subject, rewritable: new Set(this.rewritten()) })
        const question = { shared, prover, technique, actor, only: undefined }
        if (this.#round.tryUses(actor, plain(question, uses), { isOnce: true })) left.delete(technique)
      }
      if (left.size === 0) return
    }
  }

  /**
   * Whether a policy or a group is not tried on a principal: it counts as searched, because another one is that may do the
   * same, has no change yet, and the same was tried on the other one.
   */
  #isLeft({ actor, technique, like }: BarrenQuestion, subject: Subject): boolean {
    if (subject.is !== 'principal') return false
    const { principal } = subject
    const { common, aside, state } = this.#round
    const { sides, holdings } = common
    const key = `${actorName(actor)}\n${sides.classOf(principal)}\n${technique.id}`
    // A principal that was given something is named anew: proofs may have read more since then.
    const given = this.#given.get(key) ?? []
    const hasRead = sides.of(principal.account).shared.readsOf(technique).version > 0
    const isGiven = hasRead && given.some((each) => each() === like())
    const forms = holdings.formsOf(principal)
    const mayLeave =
      forms.length > 0 &&
      forms.every((held) => aside.isAside(held)) &&
      holdings.changesOf(state, principal).length === 0
    if (!mayLeave) {
      if (!isGiven) this.#given.set(key, [...given, like])
    } else if (isGiven) {
      const changer = { actor, techniques: [technique] }
      const left = this.#left.get(principal.arn) ?? []
      this.#left.set(principal.arn, left)
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
  takeUp({ arn }: Principal): void {
    const left = this.#left.get(arn)
    if (left === undefined) return
    this.#left.delete(arn)
    for (const task of left) this.#round.push(task)
  }

  /** The policies that an actor of this state or one before it can rewrite. */
  *rewritten(): Iterable<string> {
    yield* this.#before?.rewritten() ?? []
    yield* this.#rewritable
  }

  /** Policies that an actor can rewrite are worth attaching. */
  #learnRewritable(changer: Changer): void {
    const before = this.#rewritable.size
    for (const arn of rewritableBy(this.#round.common.sides.ofActor(changer.actor).shared, changer))
      this.#rewritable.add(arn)
    if (this.#rewritable.size > before) for (const task of this.#again.splice(0)) this.#round.push(task)
  }
}

/** Of the changers of one actor, whatever it has changed, the latest one with each technique. Partners are actors by themselves. */
function latest(changers: readonly Changer[]): readonly Changer[] {
  const seen = new Map<string | Actor, Set<Technique>>()
  const found = changers.toReversed().map(({ actor, techniques, barred }) => {
    const known = setIn(seen, actor.helpers === undefined ? heldAs(actor) : actor)
    const own = techniques.filter((technique) => !known.has(technique))
    for (const technique of own) known.add(technique)
    return { actor, techniques: own, barred }
  })
  return found.reverse().filter(({ techniques }) => techniques.length > 0)
}
