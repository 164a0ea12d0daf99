import type { Technique } from '../../authorization/catalogue/index.ts'
import { isAssuming } from '../relevance/search-options.ts'
import type { Actor } from '../request/actor.ts'
import { isChanging } from '../use/change-uses.ts'
import { enoughWays, isOutdone, isTightWith } from '../use/search-parts.ts'
import { usesOf } from '../use/uses.ts'
import type { Principal } from '../world/world.ts'
import type { Round } from './round.ts'

/** A technique that an actor tries on one target, or on the targets that have come to count. */
interface Attempt {
  readonly technique: Technique
  readonly only: Principal | undefined
  /** The first widening by which they have come to count. */
  readonly since: number
  /** Whether only what may be the goal itself is worth a look. */
  readonly isLast: boolean
  readonly isOnce?: boolean
  /** Whether only roles that name the actor itself are assumed, or only others; absent: all are. */
  readonly names?: boolean | undefined
  /** Whether new principals are made with tags that policies ask for, or without; absent: both. */
  readonly isTagged?: boolean | undefined
}

/** The techniques by which an actor comes to hold another principal. */
export class Giving {
  readonly #round: Round

  constructor(round: Round) {
    this.#round = round
  }

  /** Tries them: those that make a new one first. */
  tryAll(actor: Actor, only: Principal | undefined, waysBefore: number, since = 0): void {
    const { sides, target, blocked } = this.#round.common
    const facts = this.#round.factsOf(actor)
    const { shared } = sides.ofActor(actor)
    const usable = sides.usable(actor)
    const making = usable.filter(({ effect }) => effect === 'makesUser' || effect === 'makesRole')
    const made: Technique[] = []
    for (const technique of new Set([...making, ...usable])) {
      if (isChanging(technique)) continue
      if (making.includes(technique) && this.#round.isBeyond(facts)) {
        this.#round.cut(actor)
        continue
      }
      if (target.isBeaten(facts)) {
        this.#round.cut(actor)
        return
      }
      if (isOutdone(target, shared, actor, technique, facts)) {
        this.#round.cut(actor)
        continue
      }
      // Only what gives the goal at once is as good as what there is, or is worth being shown as blocked.
      const attempt = { technique, only, since }
      const isBarred = shared.abilities.isBarred(actor, technique)
      const isShutIn = isAssuming(technique) && shared.abilities.isShutIn(actor)
      const names = isShutIn ? true : undefined
      if ((isBarred || isShutIn) && this.#round.wantsBlocked()) {
        const isOnce = making.includes(technique)
        const others = isShutIn ? false : undefined
        blocked.later(() => this.try(actor, { ...attempt, isLast: true, isOnce, names: others }))
      }
      if (isBarred) continue
      const isTight = isTightWith(target, shared, actor, technique, facts)
      if (isTight) this.#round.cut(actor)
      const isMaking = making.includes(technique)
      if (isMaking) made.push(technique)
      this.try(actor, { ...attempt, isLast: isTight, names, ...(isMaking ? { isTagged: false } : {}) })
      if (target.ways() - waysBefore >= enoughWays && target.isProven) return
    }
    this.#tagAll(actor, made, { only, since })
  }

  /** Tries to make principals with the tags that policies ask for, which may be many. */
  #tagAll(actor: Actor, made: readonly Technique[], { only, since }: Pick<Attempt, 'only' | 'since'>): void {
    const { sides, target } = this.#round.common
    const { shared } = sides.ofActor(actor)
    const facts = this.#round.factsOf(actor)
    for (const technique of made) {
      if (target.isBeaten(facts) || isOutdone(target, shared, actor, technique, facts)) {
        this.#round.cut(actor)
        return
      }
      const isLast = isTightWith(target, shared, actor, technique, facts)
      if (isLast) this.#round.cut(actor)
      this.try(actor, { technique, only, since, isLast, isTagged: true })
    }
  }

  /** Tries one technique. */
  try(actor: Actor, attempt: Attempt): void {
    const { technique, only, since, isLast, isOnce = false, names, isTagged } = attempt
    const { sides, target } = this.#round.common
    const { shared, prover } = sides.ofActor(actor)
    const facts = this.#round.factsOf(actor)
    const isWanted = (principal: Principal): boolean => sides.isWanted(principal, since, isLast)
    const isOutdoneBy = (each: Technique): boolean => isOutdone(target, shared, actor, each, facts)
    const wantsUndecided = (): boolean => target.wantsUndecided
    const looks = { only, names, isWanted, isOutdone: isOutdoneBy, wantsUndecided, isTagged }
    this.#round.tryUses(actor, usesOf({ shared, prover, technique, actor, ...looks }), {
      isWanted,
      isOnce,
    })
  }
}
