import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Step } from '../proof/fact-graph.ts'
import type { Goal } from '../proof/goal.ts'
import { isOfAnyUser } from '../relevance/search-options.ts'
import type { Outline, Shared } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import type { Actor } from '../request/actor.ts'
import { requirementsOf, type Use } from '../request/binding.ts'
import { setIn } from '../world/lists.ts'
import type { Principal, World } from '../world/world.ts'
import { isGranting, type Subject } from './change-uses.ts'
import type { OwnUse, UseQuestion } from './targets.ts'

/** A step that is stopped, for people. */
export interface BlockedStep {
  readonly fact: string
  readonly before: readonly string[]
  readonly step: Step
}

/** A part of a search that is done later. */
export type Task = () => void

/** An actor that can change things. */
export interface Changer {
  readonly actor: Actor
  readonly techniques: readonly Technique[]
  /** The techniques that the boundary or an SCP refuses on anything. */
  readonly barred: readonly Technique[]
}

/** Which uses are tried. */
export interface TryOptions {
  /** Whether a principal is worth being held. */
  readonly isWanted?: (principal: Principal) => boolean
  /** Whether one use is enough. */
  readonly isOnce?: boolean
  /** The gifts to principals that are alike, and those that cannot be made to them. */
  readonly like?: BarrenQuestion
  readonly barren?: Barren
}

/** A use that may be asked for again. */
export interface Deferred {
  readonly actor: Actor
  readonly own: OwnUse
  /** The finding about it, if there is one. */
  readonly finding?: Outline | undefined
}

/** The actors that were searched. One waits once to be searched again, however often more has come to count meanwhile. */
export class Expanded {
  readonly #all = new Set<Actor>()
  readonly #waiting = new Set<Actor>()

  add(actor: Actor): void {
    this.#all.add(actor)
  }

  has(actor: Actor): boolean {
    return this.#all.has(actor)
  }

  /** The actors that do not wait yet. They wait from now on. */
  toRepeat(): readonly Actor[] {
    const found = [...this.#all].filter((actor) => !this.#waiting.has(actor))
    for (const actor of found) this.#waiting.add(actor)
    return found
  }

  /** Does the search that an actor waits for. */
  repeat(actor: Actor, search: () => void): void {
    this.#waiting.delete(actor)
    search()
  }
}

/** The policies of the account that a changer can rewrite. */
export function* rewritableBy(shared: Shared, { actor, techniques }: Changer): Generator<string> {
  for (const { effect, needs } of techniques) {
    if (effect !== 'writesVersion' && effect !== 'setsVersion') continue
    const action = needs[0]?.action ?? 'iam:CreatePolicyVersion'
    for (const { arn } of shared.index.ownPolicies.startingWith(shared.heads(actor, action)))
      if (shared.allows(actor, action, arn)) yield arn
  }
}

/** The ARNs of a principal, its policies and its groups with theirs. */
export function ownSubjects({ groups }: World, principal: Principal): ReadonlySet<string> {
  const own = new Set([principal.arn, principal.account, ...principal.attached])
  if (principal.boundary !== undefined) own.add(principal.boundary)
  for (const name of principal.type === 'user' ? principal.groups : []) {
    const group = groups.get(name)
    if (group === undefined) continue
    own.add(group.arn)
    for (const arn of group.attached) own.add(arn)
  }
  return own
}

/** Whether an Allow of a changer names a principal, or a group or a policy that it has. */
export function mayChange(shared: Shared, { actor, techniques }: Changer, principal: Principal): boolean {
  const names = [...ownSubjects(shared.world, principal)]
  return techniques.some((technique) => {
    if (!isGranting(technique)) return false
    if (isOfAnyUser(technique)) return principal.type === 'user'
    return requirementsOf(technique).some(({ action }) =>
      names.some((arn) => shared.allows(actor, action, arn)),
    )
  })
}

/** Policies and groups that cannot be given to a principal, nor to those that are like it. */
export class Barren {
  readonly #known = new Map<string, Set<string>>()

  add(question: BarrenQuestion, use: Use): void {
    setIn(this.#known, question.like() ?? '').add(choiceOf(use))
  }

  /** The uses that may give something. */
  *without(question: BarrenQuestion, uses: Iterable<Use>): Generator<Use> {
    for (const use of uses)
      if (this.#known.get(question.like() ?? '')?.has(choiceOf(use)) !== true) yield use
      else question.prover.budget.look()
  }
}

/** A giver and a receiver. */
export interface BarrenQuestion extends Pick<UseQuestion, 'shared' | 'prover' | 'actor' | 'technique'> {
  /** The name of principals that are alike. */
  readonly like: () => string | undefined
}

/** The name of what is the same for two principals that get a policy or a group; undefined if a tag may make a difference. */
export function likenessOf(question: UseQuestion, subject: Subject): BarrenQuestion | undefined {
  const { shared, prover, actor, technique } = question
  const { effect } = technique
  const isChoice = effect === 'attachesPolicy' || effect === 'joinsGroup'
  if (shared.leftOut.has('barren')) return undefined
  if (subject.is !== 'principal' || !isChoice || shared.classes.tags.resource.length > 0) return undefined
  const like = signatureOf(question, { target: subject.principal })
  return like() === undefined ? undefined : { shared, prover, actor, technique, like }
}

/** The name of what is given. */
function choiceOf({ binding: { group, context } }: Use): string {
  return group?.arn ?? JSON.stringify(context)
}

/** Whether a condition is left of each use of a technique, and what there is leaves no more. */
export function isOutdone(
  target: Goal,
  { abilities }: Shared,
  actor: Actor,
  technique: Technique,
  facts: readonly string[],
): boolean {
  return target.isBeatenUnlessFree(facts) && abilities.needsMfa(actor, technique)
}

/** Whether only what gives the goal at once is as good as what there is. */
export function isTightWith(
  target: Goal,
  { abilities }: Shared,
  actor: Actor,
  technique: Technique,
  facts: readonly string[],
): boolean {
  return target.isTight(facts) || (target.isTightUnlessFree(facts) && abilities.needsMfa(actor, technique))
}

/** One principal is not searched further once it has led to the goal in so many ways. */
export const enoughWays = 24

/** More ways to one fact than this are not kept once one is proven. */
export const mostWays = 40

/** More steps that are stopped than this are not kept. */
export const mostBlocked = 2_000
