import type { Actor } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import { type Subject, tagUses } from '../use/change-uses.ts'
import type { Changer, Deferred } from '../use/search-parts.ts'
import { plain } from '../use/targets.ts'
import { accountOfArn, type Principal, principalOf } from '../world/world.ts'
import { Inherited } from './inherited.ts'
import type { Round } from './round.ts'
import type { WantedTags } from './wanted.ts'

/**
 * The tags that the actors of a state write because uses wait for them, and the uses that may be possible in a state in
 * which their target has other tags.
 */
export class Demands {
  readonly #round: Round
  /** The actors that can write tags. */
  readonly taggers: Inherited<Changer>
  /** Uses that are not proven, by the ARN of the target. */
  readonly waiting: Inherited<Deferred>
  /** The number of tags, of those that uses wait for, that were looked at. */
  seen: number

  constructor(round: Round, before: Demands | undefined) {
    this.#round = round
    this.seen = before?.seen ?? 0
    this.taggers = new Inherited(before?.taggers, (each) => round.standing.changerNow(each))
    this.waiting = new Inherited(before?.waiting, (each) => round.standing.useNow(each))
  }

  /** Adds a use that is not proven. */
  add(entry: Deferred): void {
    const { wanted, sides } = this.#round.common
    wanted.add(entry)
    const { target } = entry.own.use.binding
    if (target === undefined || sides.ofActor(entry.actor).shared.classes.tags.resource.length === 0) return
    this.waiting.add(entry, target.arn)
  }

  /** Adds an actor that can write tags. */
  addChanger(changer: Changer): void {
    if (!changer.techniques.some(({ effect }) => effect === 'writesTags')) return
    this.taggers.add(changer)
    for (const each of this.#round.common.wanted.all.slice(0, this.seen)) this.#write(changer, each)
  }

  /** Whether uses have come to wait for further tags. */
  get isBehind(): boolean {
    return this.seen < this.#round.common.wanted.all.length
  }

  /** Has the actors of this state write the tags for which uses have come to wait. */
  look(): void {
    const fresh = this.#round.common.wanted.all.slice(this.seen)
    this.seen += fresh.length
    for (const each of fresh) for (const changer of this.taggers.ownOf()) this.#write(changer, each)
  }

  /**
   * In a state after a change, for the actors that it concerns: what waited for it, and after one of tags the tags that uses
   * wait for, and those that the principal had.
   */
  begin(change: Change, isConcerned: (actor: Actor) => boolean): void {
    const { standing } = this.#round
    for (const { actor, own } of this.waiting.of(change.arn))
      if (isConcerned(actor) && standing.mayCount(change, own.use.binding.target, actor, own.technique))
        this.#round.push(() => void this.#round.use(actor, own))
    if (change.is !== 'tag') return
    const { wanted, sides } = this.#round.common
    const principal = principalOf(sides.of(accountOfArn(change.arn)).shared.world, change.arn)
    const before = Object.keys({ [change.key]: change.value, ...change.also }).flatMap((key) => {
      const value = principal?.tags[key]
      return value === undefined ? [] : [[key, value] as const]
    })
    const tags = wanted.all.slice(0, this.seen).filter((each) => each.principal.arn === change.arn)
    if (principal !== undefined && before.length > 0) tags.push({ principal, pairs: before })
    for (const changer of this.taggers.of())
      if (isConcerned(changer.actor)) for (const each of tags) this.#write(changer, each)
  }

  /** Has an actor write tags, each as a task of its own. */
  #write({ actor, techniques }: Changer, { principal, pairs }: WantedTags): void {
    if (principal.account !== actor.variant.principal.account) return
    const { shared, prover } = this.#round.common.sides.of(principal.account)
    for (const technique of techniques) {
      if (technique.effect !== 'writesTags') continue
      this.#round.push(() => {
        const target: Principal = this.#round.state.principalNow(principal)
        const subject: Subject = { is: 'principal', principal: target }
        const question = { shared, technique, actor, subject, rewritable: nothing }
        const uses = tagUses(question, target, pairs)
        for (const own of plain({ ...question, prover, only: undefined }, uses)) {
          this.#round.use(actor, own)
          prover.budget.step()
        }
      })
    }
  }
}

const nothing: ReadonlySet<string> = new Set()
