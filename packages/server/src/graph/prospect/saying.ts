import type { Technique } from '../../authorization/catalogue/index.ts'
import { sayingOf, sayingOfRead } from '../relevance/saying.ts'
import { countsTrust } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Variant } from '../request/person.ts'
import { isChanging } from '../use/change-uses.ts'

type Questions = Pick<Shared, 'table' | 'readsOf' | 'callerKey' | 'classes' | 'readsTagsOf' | 'tagKey'>

/** The name of an actor for a technique, beside what its policies say: as trust policies see it, and with the room that it made. */
function callerOf(shared: Questions, actor: Actor, technique: Technique): string {
  const { variant } = actor
  const count = (...kinds: readonly Change['is'][]): number =>
    variant.applied.filter(({ is }) => kinds.includes(is)).length
  // Where several are given, it counts how many were taken before to make room.
  const room = count('joined', 'attached') < 2 ? 0 : count('left', 'without')
  const tags = countsTrust(technique) ? shared.classes.tagsOf(variant) : ''
  const own = shared.readsTagsOf(variant.person, actor, technique) ? shared.tagKey(variant.ownTags) : ''
  return `${shared.callerKey(actor)} ${tags} ${own} ${room}`
}

/** Returns what an actor has taken from itself: it decides what can be given back. */
function takenBy({ applied }: Variant, technique: Technique): string {
  if (applied.length === 0 || !isChanging(technique)) return ''
  const lost = applied.filter(({ is }) => is === 'left' || is === 'without' || is === 'version')
  return lost.map(changeName).sort().join()
}

/**
 * Equal for an actor in two states in which it does the same by a technique, unless it makes something new: so far as proofs have
 * read.
 */
export function doingOf(shared: Questions, actor: Actor, technique: Technique): string {
  const { variant } = actor
  const { table } = shared
  const read = sayingOfRead(variant, technique, table, shared.readsOf(technique))
  return `${callerOf(shared, actor, technique)} ${takenBy(variant, technique)} ${sayingOf(variant, technique, table)} ${read}`
}

/**
 * Uses that were looked for. One with more changes finds nothing that it did not find with fewer, if its policies say
 * the same about the technique.
 */
export class Tried {
  readonly #before: Tried | undefined
  /** By what is held, by technique, by what the policies say: the changes with which uses were looked for. */
  readonly #known = new Map<string, Map<string, Map<string, (readonly string[])[]>>>()

  /** With what was looked for in the state before. */
  constructor(before?: Tried) {
    this.#before = before
  }

  /** Whether the same was looked for with no other changes; if not, it is noted as looked for. */
  has(
    shared: Questions & Pick<Shared, 'leftOut'>,
    actor: Actor,
    held: string,
    technique: Technique,
    since: number,
  ): boolean {
    if (shared.leftOut.has('tried')) return false
    const { effect } = technique
    const { records } = shared.readsOf(technique)
    if (effect === 'makesUser' || effect === 'makesRole') return false
    // It depends on what else the actor can do.
    if (records.has('control') || records.has('controlByProfile')) return false
    const { variant } = actor
    const saying = doingOf(shared, actor, technique)
    const name = `${technique.id}\n${since}`
    const isPart = (less: readonly string[]): boolean => less.every((each) => variant.changes.includes(each))
    if (this.#before?.of(held, name, saying).some(isPart)) return true
    let ofHeld = this.#known.get(held)
    if (ofHeld === undefined) {
      ofHeld = new Map()
      this.#known.set(held, ofHeld)
    }
    let known = ofHeld.get(name)
    if (known === undefined) {
      known = new Map()
      ofHeld.set(name, known)
    }
    const alike = known.get(saying)
    if (alike === undefined) known.set(saying, [variant.changes])
    else if (alike.some(isPart)) return true
    else alike.push(variant.changes)
    return false
  }

  of(held: string, name: string, saying: string): readonly (readonly string[])[] {
    const own = this.#known.get(held)?.get(name)?.get(saying) ?? []
    return [...(this.#before?.of(held, name, saying) ?? []), ...own]
  }

  /** Has everything of a principal looked for again. */
  forget(held: string): void {
    this.#known.delete(held)
  }
}
