import type { ResidualCondition } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { type Actor, callersOf } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Variant } from '../request/variant.ts'

/** A finding, as far as one is compared with another. */
export interface Found {
  readonly verdict: 'proven' | 'conditional' | 'undecided' | 'blocked'
  readonly residual: readonly ResidualCondition[]
}

/** A finding, and the changes within the state that it needs. */
export interface Supported<Each extends Found> {
  readonly finding: Each
  readonly changes: readonly Change[]
  /** The actor with these changes alone, of those that were added. */
  readonly by: Actor
}

/** The question about an actor and its changes. */
export interface Asking<Each extends Found> {
  ask(by: Actor): Each | undefined
  /** Equal for actors of which the same is found; undefined if an actor is not like another one. */
  nameOf(by: Actor): string | undefined
  /** Absent: whether it is an administrator. */
  readonly technique?: Technique
  readonly binding?: Binding
}

/** The question which of an actor’s changes a finding needs. */
export interface SupportQuestion<Each extends Found> {
  readonly parts: Parts
  /** Asks the same of the actor with fewer changes. */
  ask(by: Actor): Each | undefined
  /** Equal for actors of which the same is found; undefined if an actor is not like another one. */
  nameOf(by: Actor): string | undefined
  /** Whether what needs a change may be better than what there is. */
  counts(change: Change): boolean
  /** Whether each change is a way of its own, also if the same is found with another one. */
  readonly isEachWanted: boolean
  /** Whether an Allow of an actor names what the question is about: without one, nothing is found. */
  mayUseParts(by: Actor): boolean
  /** Whether an actor may find anything. */
  isUsable(by: Actor): boolean
  /** Whether a principal may have all that some changes give it. */
  isRoom(changes: readonly Change[]): boolean
}

/** An actor with fewer of the changes that were added to it. */
export class Parts {
  readonly whole: Actor
  /** Without them. */
  readonly plain: Actor
  /** With each of them alone. */
  readonly single: ReadonlyMap<Change, Actor>
  /** Whether some of the changes give something together that none of them gives alone: a group is joined and written. */
  readonly isChained: boolean
  readonly #isFree: (change: Change) => boolean
  readonly #variant: (of: Variant, changes: readonly Change[]) => Variant

  /**
   * `isFree`: whether a change may be left out, because it was added within a state. `variant`: the principal of an actor with
   * other changes.
   */
  constructor(
    whole: Actor,
    isFree: (change: Change) => boolean,
    variant: (of: Variant, changes: readonly Change[]) => Variant,
  ) {
    this.whole = whole
    this.#isFree = isFree
    this.#variant = variant
    const free = new Set(callersOf(whole).flatMap((each) => each.variant.applied.filter(isFree)))
    this.plain = free.size === 0 ? whole : this.with([])
    this.single = new Map([...free].map((change) => [change, this.with([change])]))
    const parts = new Set([this.plain, ...this.single.values()].flatMap(documentsOf))
    this.isChained = documentsOf(whole).some((each) => !parts.has(each))
  }

  /** The actor with those of them that are kept. */
  with(kept: readonly Change[]): Actor {
    const { helpers } = this.whole
    const own = this.#reduced(this.whole, new Set(kept))
    if (helpers === undefined) return own
    const others = [...helpers].map(([action, each]) => [action, this.#reduced(each, new Set(kept))] as const)
    return { ...own, helpers: new Map(others) }
  }

  #reduced(each: Actor, kept: ReadonlySet<Change>): Actor {
    const { applied } = each.variant
    const changes = applied.filter((change) => !this.#isFree(change) || kept.has(change))
    return changes.length === applied.length
      ? each
      : { ...each, variant: this.#variant(each.variant, changes) }
  }
}

/** More changes than this are not tried one by one if there is room for all of them; nor are more sets of them. */
const most = { alone: 12, sets: 50 }

/**
 * The findings about an actor with the fewest changes: without those that only add something; with each of them alone, where
 * that gives more; and if the actor with all of them is found to do more still, with no more of them than that takes. Where
 * there is no room for all, with as many as there is room for, each two of them once.
 */
export function* supportsOf<Each extends Found>(question: SupportQuestion<Each>): Generator<Supported<Each>> {
  const { parts, ask, isRoom } = question
  const { plain, single } = parts
  const base = single.size === 0 || question.mayUseParts(plain) ? ask(plain) : undefined
  if (base !== undefined) yield { finding: base, changes: [], by: plain }
  if (single.size === 0 || base?.verdict === 'proven') return
  const telling = tellingOf(question)
  const changes = [...telling.keys()]
  if (changes.length === 0) return
  const isAll = isRoom(changes)
  const full = isAll && changes.length > 1 ? ask(parts.with(changes)) : undefined
  if (isAll && changes.length > 1 && (full === undefined || isAsGood(base, full))) return
  let best: Each | undefined = base
  for (const [change, by] of isAll && changes.length > most.alone ? [] : telling) {
    const finding = question.isUsable(by) ? ask(by) : undefined
    if (finding === undefined || isAsGood(base, finding) || !isRoom([change])) continue
    yield { finding, changes: [change], by }
    if (!isAsGood(best, finding)) best = finding
  }
  const isOpen = isAll || best === base
  for (const set of !isOpen ? [] : isAll ? [changes] : halves(changes, isRoom)) {
    const found = ask(parts.with(set))
    if (found === undefined || isAsGood(best, found)) continue
    const needed = fewest(set, (kept) => isAsGood(ask(parts.with(kept)), found))
    yield { finding: found, changes: needed, by: parts.with(needed) }
    best = found
  }
}

/** The changes with which something else is found, each alone; of several with which the same is found, mostly the first. */
function tellingOf<Each extends Found>({
  parts: { plain, single, isChained },
  nameOf,
  counts,
  isEachWanted,
}: SupportQuestion<Each>): ReadonlyMap<Change, Actor> {
  if (isChained) return new Map([...single].filter(([change]) => counts(change)))
  const names = new Set([nameOf(plain)])
  const telling = new Map<Change, Actor>()
  for (const [change, by] of single) {
    const name = nameOf(by)
    if ((name !== undefined && names.has(name)) || !counts(change)) continue
    if (!isEachWanted) names.add(name)
    telling.set(change, by)
  }
  return telling
}

/** The documents of all that act, by what documents share. */
function documentsOf(actor: Actor): readonly unknown[] {
  return callersOf(actor).flatMap(({ variant }) => variant.identity.map(({ policy }) => policy.statements))
}

/** Sets of changes for which there is room, in which each two of them are. */
function halves(
  all: readonly Change[],
  isRoom: (changes: readonly Change[]) => boolean,
): readonly (readonly Change[])[] {
  let size = 1
  while (size < all.length && isRoom(all.slice(0, 2 * (size + 1)))) size++
  const parts: (readonly Change[])[] = []
  for (let place = 0; place < all.length; place += size) parts.push(all.slice(place, place + size))
  return parts
    .flatMap((one, place) => parts.slice(place + 1).map((other) => [...one, ...other]))
    .filter(isRoom)
    .slice(0, most.sets)
}

/** As few changes as are enough: parts of them are left out, large ones first. */
function fewest(all: readonly Change[], isEnough: (kept: readonly Change[]) => boolean): readonly Change[] {
  let kept = all
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let place = 0; place < kept.length; ) {
      const less = [...kept.slice(0, place), ...kept.slice(place + size)]
      if (isEnough(less)) kept = less
      else place += size
    }
  return kept
}

const ranks = { proven: 0, conditional: 1, undecided: 2, blocked: 3 } as const

/** Whether one finding is as sure as another one, and leaves no more conditions. */
function isAsGood(one: Found | undefined, other: Found): boolean {
  if (one === undefined) return false
  const [own, wanted] = [ranks[one.verdict], ranks[other.verdict]]
  return own < wanted || (own === wanted && one.residual.length <= other.residual.length)
}
