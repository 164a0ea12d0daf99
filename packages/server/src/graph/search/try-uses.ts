import type { Technique } from '../../authorization/catalogue/index.ts'
import { isAtMost } from '../proof/fact-graph.ts'
import { leavesOne, type Outline } from '../proof/outline.ts'
import { outcomeName } from '../request/binding.ts'
import type { TryOptions } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Common } from './round.ts'
import type { State } from './state.ts'

/** Marks a use that is known before it is tried. */
export const known = 'known'

/** The options and limits of a try. */
interface Trying extends TryOptions {
  readonly common: Common
  readonly state: State
  /** The facts that the actor rests on. */
  readonly facts: readonly string[]
  use(own: OwnUse): Outline | typeof known | undefined
  /** Whether a condition is left of each use of a technique. */
  isLimited(technique: Technique): boolean
}

/** Tries the uses of an actor. Returns whether something was found of one. */
export function tryUses(uses: Iterable<OwnUse>, trying: Trying): boolean {
  const { common, state, facts, use, isLimited, isWanted, isOnce, like, barren } = trying
  const { graph, found } = common
  const { budget } = common.sides
  let hasFound = false
  let isBest = false
  const families = new Set<string>()
  const best = new Set<string>()
  for (const own of uses) {
    budget.look()
    if (isBest && own.use.isBest !== true) break
    const { family } = own.use
    if (family !== undefined && families.has(family)) continue
    // The same by another resource gives nothing more.
    const { outcome } = own.use
    const name = outcomeName(outcome)
    if (best.has(name) || (outcome.is === 'held' && isWanted?.(outcome.principal) === false)) continue
    const finding = use(own)
    const fact = found.factOf(state, outcome)
    const isThere = fact !== undefined && graph.has(fact)
    // If what gives most follows under no more conditions than these facts, the rest gives nothing more.
    if (own.use.isBest === true && isThere && isAtMost(graph.sumOf([fact]), graph.sumOf(facts)))
      if (family === undefined) isBest = true
      else families.add(family)
    if (finding === known) continue
    budget.step()
    if (finding !== undefined) hasFound = true
    if (isOnce === true) break
    if (like !== undefined && (finding === undefined || finding.verdict === 'blocked'))
      barren?.add(like, own.use)
    if (finding === undefined || own.use.before !== undefined) continue
    // A finding that leaves the one condition that each use leaves is as good as any.
    const isLeast = leavesOne(finding) && isLimited(own.technique)
    if (isLeast && own.use.isBest === true && family === undefined && isThere) isBest = true
    if (isLeast || finding.verdict === 'proven') best.add(name)
  }
  return hasFound
}
