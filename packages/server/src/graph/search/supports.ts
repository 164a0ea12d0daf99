import type { ResidualCondition } from '@omen-iam/policy'
import type { Actor } from '../request/actor.ts'
import type { Change } from '../request/change.ts'
import type { Variant } from '../request/person.ts'
import { callersOf } from '../request/together.ts'

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

/** The question which of an actor’s changes a finding needs. */
export interface SupportQuestion<Each extends Found> {
  readonly actor: Actor
  /** Asks the same of the actor with fewer changes. */
  ask(by: Actor): Each | undefined
  /** Whether a change may be left out: it was added within the state, or within one before it. */
  isFree(change: Change): boolean
  /** Whether what needs a change may be better than what there is. */
  counts(change: Change): boolean
  /** Whether changes say the same about what is asked for. */
  isSilent(one: Actor, other: Actor): boolean
  /** Whether some of them may be allowed calls that others of them are not. */
  isJoint(actors: readonly Actor[]): boolean
  /** The principal of an actor with fewer changes. */
  variant(of: Variant, changes: readonly Change[]): Variant
  /** Whether a principal may have all that some changes give it. */
  isRoom(changes: readonly Change[]): boolean
}

/** More changes than this are not tried one by one if there is room for all of them; nor are more sets of them. */
const most = { alone: 12, sets: 50 }

/**
 * The findings about an actor with the fewest changes: without those that only add something; with each of them alone, where
 * that gives more; and if the actor with all of them is found to do more still, with no more of them than that takes. Where
 * there is no room for all, with as many as there is room for, each two of them once.
 */
export function* supportsOf<Each extends Found>(question: SupportQuestion<Each>): Generator<Supported<Each>> {
  const { actor, ask, counts, isFree, isRoom, isSilent, isJoint } = question
  const free = [...new Set(callersOf(actor).flatMap(({ variant }) => variant.applied.filter(isFree)))]
  const plain = free.length === 0 ? actor : reduced(question, nothing)
  const base = ask(plain)
  if (base !== undefined) yield { finding: base, changes: [], by: plain }
  if (free.length === 0 || base?.verdict === 'proven') return
  const withChanges = (changes: readonly Change[]): Actor => reduced(question, new Set(changes))
  const telling = free.filter((change) => counts(change) && !isSilent(plain, withChanges([change])))
  if (telling.length === 0) return
  const isAll = isRoom(telling)
  const full = isAll && telling.length > 1 ? ask(withChanges(telling)) : undefined
  if (isAll && telling.length > 1 && (full === undefined || isAsGood(base, full))) return
  let best: Each | undefined = base
  for (const change of isAll && telling.length > most.alone ? [] : telling) {
    const by = withChanges([change])
    const finding = ask(by)
    if (finding === undefined || isAsGood(base, finding) || !isRoom([change])) continue
    yield { finding, changes: [change], by }
    if (!isAsGood(best, finding)) best = finding
  }
  for (const changes of isAll
    ? [telling]
    : best === base && isJoint(telling.map((change) => withChanges([change])))
      ? halves(telling, isRoom)
      : []) {
    const found = ask(withChanges(changes))
    if (found === undefined || isAsGood(best, found)) continue
    const needed = fewest(changes, (kept) => isAsGood(ask(withChanges(kept)), found))
    yield { finding: found, changes: needed, by: withChanges(needed) }
    best = found
  }
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

/** The actor with those of its free changes that are kept. */
function reduced<Each extends Found>(question: SupportQuestion<Each>, kept: ReadonlySet<Change>): Actor {
  const of = (each: Actor): Actor => {
    const { applied } = each.variant
    const changes = applied.filter((change) => !question.isFree(change) || kept.has(change))
    return changes.length === applied.length
      ? each
      : { ...each, variant: question.variant(each.variant, changes) }
  }
  const { helpers } = question.actor
  const own = of(question.actor)
  return helpers === undefined
    ? own
    : { ...own, helpers: new Map([...helpers].map(([action, each]) => [action, of(each)])) }
}

const nothing: ReadonlySet<Change> = new Set()
const ranks = { proven: 0, conditional: 1, undecided: 2, blocked: 3 } as const

/** Whether one finding is as sure as another one, and leaves no more conditions. */
function isAsGood(one: Found | undefined, other: Found): boolean {
  if (one === undefined) return false
  const [own, wanted] = [ranks[one.verdict], ranks[other.verdict]]
  return own < wanted || (own === wanted && one.residual.length <= other.residual.length)
}
