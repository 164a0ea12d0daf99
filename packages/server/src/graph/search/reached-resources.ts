import type { Finding } from '../proof/finding.ts'
import { outlineOf } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { heldAs } from '../request/binding.ts'
import type { Deferred } from '../use/search-parts.ts'
import { mayRetag, taggedBindings } from '../use/tags-of-resources.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Principal } from '../world/world.ts'
import { type Acting, Inherited } from './inherited.ts'
import type { Round } from './round.ts'

/** The most principals of an account that tag resources for others. */
const mostTaggers = 16

/** Uses of existing resources that fail for a condition on their tags, and those who may write these tags. [GRD-560] */
export class Resources {
  readonly #round: Round
  /** By account: uses that are not proven, and who may tag. */
  readonly waiting: Inherited<Deferred>
  readonly taggers: Inherited<Acting>

  constructor(round: Round, before: Resources | undefined) {
    this.#round = round
    this.waiting = new Inherited(before?.waiting, (each) => round.standing.useNow(each))
    this.taggers = new Inherited(before?.taggers, (each) => round.standing.actingNow(each))
  }

  /** Takes an actor into account that may tag existing resources for others. */
  visit(actor: Actor): void {
    const { account } = actor.variant.principal
    const { shared } = this.#round.common.sides.of(account)
    const taggers = this.taggers.of(account)
    if (actor.variant.outside !== undefined || taggers.length >= mostTaggers || !mayRetag(shared, actor))
      return
    this.taggers.add({ actor }, account)
    for (const entry of this.waiting.of(account)) this.#round.push(() => this.#tag(entry, [actor], actor))
  }

  /** Adds a use that is not proven. */
  add(entry: Deferred): void {
    const { workload, resources, policy } = entry.own.use.binding
    if (workload === undefined && resources === undefined && policy === undefined) return
    const { account } = entry.actor.variant.principal
    if (this.#round.common.sides.of(account).shared.classes.tags.resource.length === 0) return
    this.waiting.add(entry, account)
    this.#round.push(() => {
      const taggers = this.taggers.of(account).map(({ actor }) => actor)
      this.#tag(entry, taggers)
    })
  }

  /** Has the actor or others tag existing resources before it uses them. */
  #tag(entry: Deferred, others: readonly Actor[], fresh?: Actor): void {
    const { actor, own } = entry
    const { technique, use } = own
    const { shared, prover } = this.#round.common.sides.of(actor.variant.principal.account)
    const held = heldAs(actor)
    const further = others.filter((each) => each !== actor && heldAs(each) !== held)
    const question = { shared, actor, technique, binding: use.binding, others: further }
    for (const tagged of taggedBindings(fresh === undefined ? question : { ...question, fresh })) {
      const prove = (target?: Principal, by = tagged.actor): Finding =>
        prover.prove(by, technique, target === undefined ? tagged.binding : { ...tagged.binding, target })
      const finding = outlineOf(prove())
      prover.budget.step()
      if (finding?.verdict !== 'proven' && finding?.verdict !== 'conditional') continue
      const retagged: OwnUse = { ...own, use: { ...use, binding: tagged.binding }, prove }
      this.#round.record(tagged.actor, retagged)
      if (finding.verdict === 'proven') return
    }
  }
}
