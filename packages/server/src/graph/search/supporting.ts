import { perObject } from '../../base/index.ts'
import { quota } from '../proof/records.ts'
import { type Actor, callersOf } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import { mayUseParts } from '../use/targets.ts'
import type { Principal } from '../world/world.ts'
import type { Round } from './round.ts'
import { type Asking, type Found, Parts, type Supported, supportsOf } from './supports.ts'

/** The search for the changes of an actor that its findings need, in a state. */
export class Supporting {
  readonly #round: Round

  constructor(round: Round) {
    this.#round = round
  }

  /** The findings about an actor, each with as few changes as it needs. */
  of<Each extends Found>(actor: Actor, asking: Asking<Each>): Generator<Supported<Each>> {
    const { state, common } = this.#round
    const { ask, nameOf, technique, binding } = asking
    const parts = this.partsOf(actor)
    const { shared } = common.sides.ofActor(actor)
    const ofParts = (by: Actor): boolean =>
      technique === undefined ||
      binding === undefined ||
      by.helpers !== undefined ||
      mayUseParts(shared, by, technique, binding)
    return supportsOf({
      parts,
      ask,
      nameOf,
      counts: (change) => this.counts(actor, change),
      isEachWanted: technique === undefined && common.options.isFirst !== true,
      mayUseParts: ofParts,
      isUsable: (by) =>
        (technique === undefined ||
          by.helpers !== undefined ||
          common.sides.usable(by).includes(technique)) &&
        ofParts(by),
      isRoom: (changes) =>
        callersOf(actor).every(({ variant: { principal } }) =>
          isRoomFor(state.principalNow(principal), changes),
        ),
    })
  }

  /** An actor with fewer of its changes. */
  readonly partsOf = perObject(
    (actor: Actor) =>
      new Parts(
        actor,
        (change) => !this.#round.state.isTaking(change),
        ({ principal, carried, isStart }, changes) => {
          const { policySets } = this.#round.common.sides.of(principal.account).shared
          const variant = policySets.variant(principal, changes, carried)
          return isStart === undefined ? variant : policySets.start(variant)
        },
      ),
  )

  /** Whether an actor may do the same with its changes as without those that may be left out. */
  givesNothing(actor: Actor): boolean {
    const { sides } = this.#round.common
    return sides.likenessOf(actor) === sides.likenessOf(this.partsOf(actor).plain)
  }

  /** Whether what an actor does with a change may be better than what there is. If not, that is noted. */
  counts(actor: Actor, change: Change): boolean {
    const facts = this.#round.before(actor, [change])
    if (!this.#round.common.target.isBeaten(facts) && !this.#round.isBeyond(facts)) return true
    this.#round.cutAt(actor, facts)
    return false
  }
}

/** Whether there is room for all that some changes give a principal; for one of a kind there is, if AWS has raised a quota. */
function isRoomFor(principal: Principal, changes: readonly Change[]): boolean {
  const own = changes.filter(({ arn }) => arn === principal.arn)
  const groups = principal.type === 'user' ? principal.groups.length : 0
  return (
    fits(own.filter(({ is }) => is === 'joined').length, quota.groups - groups) &&
    fits(own.filter(({ is }) => is === 'attached').length, quota.attached - principal.attached.length)
  )
}

function fits(count: number, room: number): boolean {
  return count <= Math.max(room, 1)
}
