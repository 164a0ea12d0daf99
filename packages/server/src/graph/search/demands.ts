import type { Actor } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import { type Subject, tagUses } from '../use/change-uses.ts'
import type { Changer, Deferred } from '../use/search-parts.ts'
import { plain } from '../use/targets.ts'
import { listIn } from '../world/lists.ts'
import { accountOfArn, type Person, personOf } from '../world/world.ts'
import { keyOf } from './changers.ts'
import type { Round } from './round.ts'
import type { WantedTags } from './wanted.ts'

/**
 * The tags that the actors of a state write because uses wait for them, and the uses that may be possible in a state in
 * which their target has other tags.
 */
export class Demands {
  readonly #round: Round
  readonly #before: Demands | undefined
  /** By what is held; of partners, by these. */
  readonly #taggers = new Map<string | Actor, Changer>()
  /** Uses that are not proven, by the ARN of the target. */
  readonly #waiting = new Map<string, Deferred[]>()
  #seen = 0

  constructor(round: Round, before: Demands | undefined) {
    this.#round = round
    this.#before = before
  }

  /** Adds a use that is not proven. */
  add(entry: Deferred): void {
    const { wanted, sides } = this.#round.common
    wanted.add(entry)
    const { target } = entry.own.use.binding
    if (target === undefined || sides.ofActor(entry.actor).shared.classes.tags.resource.length === 0) return
    listIn(this.#waiting, target.arn).push(entry)
  }

  /** Adds an actor that can write tags. */
  addChanger(changer: Changer): void {
    if (!changer.techniques.some(({ effect }) => effect === 'writesTags')) return
    this.#taggers.set(keyOf(changer.actor), changer)
    for (const each of this.#round.common.wanted.all.slice(0, this.#seen)) this.#write(changer, each)
  }

  /** Whether uses have come to wait for further tags. */
  get isBehind(): boolean {
    return this.#seen < this.#round.common.wanted.all.length
  }

  /** Has the actors of this state write the tags for which uses have come to wait. */
  look(): void {
    const fresh = this.#round.common.wanted.all.slice(this.#seen)
    this.#seen += fresh.length
    for (const each of fresh) for (const changer of this.#taggers.values()) this.#write(changer, each)
  }

  /** In the state after a change of tags: what waited for it, and the tags as they were before. */
  begin(change: Change): void {
    for (const { actor, own } of this.waitingFor(change.arn))
      this.#round.push(() => void this.#round.use(actor, own))
    if (change.is !== 'tag') return
    const { world } = this.#round.common.sides.of(accountOfArn(change.arn)).shared
    const person = personOf(world, change.arn)
    if (person === undefined) return
    const pairs = [change.key, ...Object.keys(change.also ?? {})].flatMap((key) => {
      const value = person.tags[key]
      return value === undefined ? [] : [[key, value] as const]
    })
    for (const changer of this.taggers()) this.#write(changer, { person, pairs })
  }

  /** The actors that can write tags, as they are in this state. */
  *taggers(): Iterable<Changer> {
    for (const changer of this.#before?.taggers() ?? [])
      if (!this.#taggers.has(keyOf(changer.actor)) && this.#round.isValid(changer.actor)) yield changer
    yield* this.#taggers.values()
  }

  *waitingFor(arn: string): Iterable<Deferred> {
    for (const each of this.#before?.waitingFor(arn) ?? []) if (this.#round.isValid(each.actor)) yield each
    yield* this.#waiting.get(arn) ?? []
  }

  /** Has an actor write tags, each as a task of its own. */
  #write({ actor, techniques }: Changer, { person, pairs }: WantedTags): void {
    if (person.account !== actor.variant.person.account) return
    const { shared, prover } = this.#round.common.sides.of(person.account)
    for (const technique of techniques) {
      if (technique.effect !== 'writesTags') continue
      this.#round.push(() => {
        const target: Person = this.#round.state.personNow(person)
        const subject: Subject = { is: 'person', person: target }
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
