import type { Technique } from '../../authorization/catalogue/index.ts'
import { freshAction } from '../relevance/relevance.ts'
import { callsSaid, isAssuming, lowered, missingCalls } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { followingCalls } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import type { Task } from '../use/search-parts.ts'
import { Sorted } from '../world/sorted.ts'
import type { Role } from '../world/world.ts'
import type { Holdings } from './holdings.ts'
import { itemsOf } from './joint.ts'
import type { Sides } from './sides.ts'

/** Starts of the ARNs of roles: what further policies let a principal assume; undefined if they may give anything else. */
type Assumed = readonly string[] | undefined

/**
 * Principals with further groups or policies that give them nothing new: these only let them assume roles, of which none may
 * lead to the goal. What else they can do, they can do without. That changes once more principals may lead to the goal.
 */
export class Idle {
  readonly #sides: Sides
  readonly #holdings: Holdings
  /** How many more principals led to the goal when an actor was found to be idle. */
  readonly #found = new Map<string, number>()
  /** The roles that let in an account and may lead to the goal, by the account and how many principals led to it then. */
  readonly #open = new Map<string, Sorted<Role>>()

  constructor(sides: Sides, holdings: Holdings) {
    this.#sides = sides
    this.#holdings = holdings
  }

  /** Whether an actor, by its name, is idle: then it waits for more principals that lead to the goal. */
  leaves(name: string, actor: Actor, again: Task): boolean {
    if (this.#sides.ofActor(actor).shared.leftOut.has('idle') || !this.#has(name, actor)) return false
    this.#sides.note(actor)
    this.#waiting.set(name, again)
    return true
  }

  /** The tasks to be done again, by the names of the actors. */
  readonly #waiting = new Map<string, Task>()

  /** Looks again at those that wait. */
  again(): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const task of waiting) task()
  }

  #has(name: string, actor: Actor): boolean {
    const { applied } = actor.variant
    const isKnown = this.#found.get(name) === this.#sides.widenings
    const isSo =
      applied.length > 0 &&
      !applied.some((change) => this.#holdings.isUndone(change)) &&
      (isKnown || this.#isIdle(actor))
    if (isSo) this.#found.set(name, this.#sides.widenings)
    return isSo
  }

  #isIdle(actor: Actor): boolean {
    const { variant } = actor
    const { shared } = this.#sides.ofActor(actor)
    if (!this.#sides.hasGoal || !shared.neighbours.isAlone) return false
    if (variant.carried.since !== undefined || variant.outside !== undefined) return false
    const isGiven = variant.applied.every(
      ({ is, within }) => (is === 'joined' || is === 'attached') && within === undefined,
    )
    if (!isGiven) return false
    const heads = this.#assumedBy(actor, shared)
    if (heads === undefined || this.#openTo(variant.person.account).startingWith(heads).length > 0)
      return false
    const isNamed = ({ arn }: Role): boolean => heads.some((head) => arn.startsWith(head))
    return !shared.index.namingPrincipal(variant.person).some(isNamed)
  }

  #openTo(account: string): Sorted<Role> {
    const name = `${account} ${this.#sides.widenings}`
    let open = this.#open.get(name)
    if (open === undefined) {
      const roles = this.#sides.of(account).shared.index.trustingAccount(account)
      open = new Sorted([...roles].filter((role) => this.#sides.usefulSince(role) !== undefined))
      this.#open.set(name, open)
    }
    return open
  }

  /** The roles that an actor may assume because of a change. */
  #assumedBy(actor: Actor, shared: Shared): Assumed {
    const { variant } = actor
    const { classes, wardrobe } = shared
    const plain = wardrobe.variant(variant.person, [], variant.carried)
    if (variant.unknown.length !== plain.unknown.length) return undefined
    const own = new Set(plain.identity.map(({ policy }) => policy.statements))
    const more = variant.identity.filter(({ policy }) => !own.has(policy.statements))
    if (more.map((each) => classes.relevance.of(each)).some((each) => each.isPersonal || each.namesSelf))
      return undefined
    const given = classes.relevance.said(more)
    if (shared.index.resourcePolicies.actionsFor(variant.person).length > 0) return undefined
    const key = `${given.name}\n${shared.said(actor).name}\n${this.#sides.kind}`
    const all = known.get(shared) ?? new Map<string, { readonly heads: Assumed }>()
    known.set(shared, all)
    let found = all.get(key)
    if (found === undefined) {
      found = { heads: this.#readAssumed(actor, shared, given.grants) }
      all.set(key, found)
    }
    return found.heads
  }

  #readAssumed(actor: Actor, shared: Shared, grants: ReturnType<Shared['said']>['grants']): Assumed {
    const actions = new Set(grants.flatMap((each) => [...each.keys()]))
    if (actions.has(lowered(freshAction))) return undefined
    if ([...actions].some((action) => followingCalls().has(action))) return undefined
    const usable = new Set(this.#sides.usable(actor))
    const { grants: all, doubted } = shared.said(actor)
    const allowed = new Set(all.flatMap((each) => [...each.keys()]))
    const calls = callsSaid(all, allowed, doubted)
    const asks = (technique: Technique): boolean =>
      itemsOf(technique, shared).some(({ action }) => actions.has(lowered(action)))
    const isFurther = (technique: Technique): boolean =>
      !isAssuming(technique) && (usable.has(technique) || missingCalls(technique, calls).length > 0)
    if (this.#sides.techniques.some((technique) => isFurther(technique) && asks(technique))) return undefined
    return [...new Set(grants.flatMap((each) => [...each.values()].flat()))]
  }
}

/** By what is given, and by all that is allowed then. */
const known = new WeakMap<Shared, Map<string, { readonly heads: Assumed }>>()
