import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Goal } from '../proof/goal.ts'
import type { Tried } from '../prospect/saying.ts'
import { isAssuming } from '../relevance/search-options.ts'
import { factsOf } from '../request/binding.ts'
import type { Actor } from '../request/trust-question.ts'
import { isChanging } from '../use/change-uses.ts'
import { enoughWays, isOutdone, isTightWith, type TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { usesOf } from '../use/uses.ts'
import type { Person } from '../world/world.ts'
import type { Blocked } from './blocked.ts'
import type { Sides } from './sides.ts'

/** The search in which techniques are tried. */
interface Search {
  readonly sides: Sides
  readonly target: Goal
  readonly tried: Tried
  readonly blocked: Blocked
  /** Whether steps that are stopped may be shown. */
  wantsBlocked(): boolean
  /** Tries uses; says whether something was found of one. */
  tryUses(actor: Actor, uses: Iterable<OwnUse>, options: TryOptions): boolean
  /** Whether everything is searched, and an administrator could do what these facts allow. */
  isBeyond(facts: readonly string[]): boolean
  /** Notes that an actor was not searched to its end. */
  cut(actor: Actor): void
}

/** A technique that an actor tries on one target, or on the targets that have come to count. */
interface Attempt {
  readonly technique: Technique
  readonly only: Person | undefined
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
  readonly #search: Search

  constructor(search: Search) {
    this.#search = search
  }

  /** Tries them: those that make a new one first. */
  tryAll(
    actor: Actor,
    facts: readonly string[],
    only: Person | undefined,
    waysBefore: number,
    since = 0,
  ): void {
    const { sides, target, tried, blocked } = this.#search
    const { shared } = sides.ofActor(actor)
    const usable = sides.usable(actor)
    const making = usable.filter(({ effect }) => effect === 'makesUser' || effect === 'makesRole')
    const made: Technique[] = []
    for (const technique of new Set([...making, ...usable])) {
      if (isChanging(technique)) continue
      if (making.includes(technique) && this.#search.isBeyond(facts)) {
        this.#search.cut(actor)
        continue
      }
      // Tags that its own policies do not read count in trust policies alone.
      if (actor.variant.isOnlyTagged && !isAssuming(technique)) continue
      if (target.isBeaten(facts)) {
        this.#search.cut(actor)
        return
      }
      if (isOutdone(target, shared, actor, technique, facts)) {
        this.#search.cut(actor)
        continue
      }
      if (only === undefined && tried.has(shared, actor, facts[0] ?? '', technique, since)) continue
      // Only what gives the goal at once is as good as what there is, or is worth being shown as blocked.
      const attempt = { technique, only, since }
      const isBarred = shared.abilities.isBarred(actor, technique)
      const isShutIn = isAssuming(technique) && shared.abilities.isShutIn(actor)
      const names = isShutIn ? true : undefined
      if ((isBarred || isShutIn) && this.#search.wantsBlocked()) {
        const isOnce = making.includes(technique)
        const others = isShutIn ? false : undefined
        blocked.later(() => this.try(actor, { ...attempt, isLast: true, isOnce, names: others }))
      }
      if (isBarred) continue
      const isTight = isTightWith(target, shared, actor, technique, facts)
      if (isTight) this.#search.cut(actor)
      const isMaking = making.includes(technique)
      if (isMaking) made.push(technique)
      this.try(actor, { ...attempt, isLast: isTight, names, ...(isMaking ? { isTagged: false } : {}) })
      if (target.ways() - waysBefore >= enoughWays && target.isProven) return
    }
    this.#tagAll(actor, facts, made, { only, since })
  }

  /** Tries to make principals with the tags that policies ask for, which may be many. */
  #tagAll(
    actor: Actor,
    facts: readonly string[],
    made: readonly Technique[],
    { only, since }: Pick<Attempt, 'only' | 'since'>,
  ): void {
    const { sides, target } = this.#search
    const { shared } = sides.ofActor(actor)
    for (const technique of made) {
      if (target.isBeaten(facts) || isOutdone(target, shared, actor, technique, facts)) {
        this.#search.cut(actor)
        return
      }
      const isLast = isTightWith(target, shared, actor, technique, facts)
      if (isLast) this.#search.cut(actor)
      this.try(actor, { technique, only, since, isLast, isTagged: true })
    }
  }

  /** Tries one technique. */
  try(actor: Actor, attempt: Attempt): void {
    const { technique, only, since, isLast, isOnce = false, names, isTagged } = attempt
    const { sides, target } = this.#search
    const { shared, prover } = sides.ofActor(actor)
    const facts = factsOf(actor)
    const isWanted = (person: Person): boolean => sides.isWanted(person, since, isLast)
    const isOutdoneBy = (each: Technique): boolean => isOutdone(target, shared, actor, each, facts)
    const wantsUndecided = (): boolean => target.wantsUndecided
    const looks = { only, names, isWanted, isOutdone: isOutdoneBy, wantsUndecided, isTagged }
    this.#search.tryUses(actor, usesOf({ shared, prover, technique, actor, ...looks }), {
      isWanted,
      isOnce,
    })
  }
}
