import { rankOfProof } from './proof/fact-graph.ts'
import { administrator } from './proof/goal.ts'
import type { Search } from './search/search.ts'
import { type Principal, principalOf } from './world/world.ts'

/** The verdict of an answer. `none`: no step is allowed. */
export type Verdict = 'proven' | 'conditional' | 'blocked' | 'undecided' | 'none'

/** A principal that is reached. */
export interface Reached {
  readonly principal: Principal
  readonly verdict: Verdict
  readonly steps: number
  /** Whether it is an administrator then, as surely as it is reached. */
  readonly isAdministrator: boolean
  /** The verdict that it is an administrator then; absent: it is none. */
  readonly administrator?: Verdict
  /** Whether it is one that the attacker makes. */
  readonly isNew?: true
}

/** The verdicts, the surest first. */
export const ranks: Readonly<Record<Verdict, number>> = {
  proven: 0,
  conditional: 1,
  undecided: 2,
  blocked: 3,
  none: 4,
}

/** Whether a path can be gone. */
export function isOpen({ verdict }: { readonly verdict: Verdict }): boolean {
  return verdict === 'proven' || verdict === 'conditional'
}

/** The verdicts of proofs, by rank. */
export const verdicts = ['proven', 'conditional', 'undecided'] as const

/** Returns the existing things that a search has reached: the surest first. */
export function reachOf(search: Search, from: { readonly arn: string }): readonly Reached[] {
  return reachedIn(search, from, ({ arn }) =>
    principalOf(search.world, arn) === undefined ? undefined : arn,
  )
}

/**
 * The new users and roles that a search has made: of each kind in an account the surest one, and the surest administrator.
 */
export function madeOf(search: Search, from: { readonly arn: string }): readonly Reached[] {
  const isNew = ({ arn }: Principal): boolean =>
    principalOf(search.world, arn) === undefined && !/:root$/.test(arn)
  const all = reachedIn(search, from, (principal) =>
    isNew(principal) ? `${principal.arn}${principal.made ?? ''}` : undefined,
  )
  const kinds = Map.groupBy(all, ({ principal: { account, type } }) => `${account} ${type}`)
  return [...kinds.values()].flatMap(([first, ...more]) => {
    const best = [first, ...more].find((each) => each?.isAdministrator === true)
    const isEnough = best === undefined || first === undefined || first.verdict !== best.verdict
    return [...(isEnough ? [first] : []), best].flatMap((each) =>
      each === undefined ? [] : { ...each, isNew: true as const },
    )
  })
}

/** Returns the named things that a search has reached: the surest first. */
function reachedIn(
  search: Search,
  from: { readonly arn: string },
  nameOf: (principal: Principal) => string | undefined,
): readonly Reached[] {
  const reached = new Map<string, Reached>()
  const administrators = administratorsOf(search)
  for (const [fact, principal] of search.held()) {
    const cost = search.graph.cost(fact)
    const name = nameOf(principal)
    if (cost === undefined || name === undefined) continue
    const asAdministrator = administrators.get(principal.arn)
    const isSelf = principal.arn === from.arn
    // Of the principal itself only that it is an administrator.
    if (isSelf && asAdministrator === undefined) continue
    const rank = isSelf ? (asAdministrator ?? cost.rank) : cost.rank
    const verdict = verdicts[rank]
    const before = reached.get(name)
    if (before !== undefined && ranks[before.verdict] <= ranks[verdict]) continue
    reached.set(name, {
      principal,
      verdict,
      steps: cost.steps,
      isAdministrator: asAdministrator !== undefined && asAdministrator <= rank,
      ...(asAdministrator === undefined ? {} : { administrator: verdicts[asAdministrator] }),
    })
  }
  return [...reached.values()].sort(
    (one, other) => ranks[one.verdict] - ranks[other.verdict] || one.steps - other.steps,
  )
}

/** The principals that are administrators as the attacker comes to hold them, and how sure that is. */
function administratorsOf({ graph }: Search): ReadonlyMap<string, 0 | 1 | 2> {
  const found = new Map<string, 0 | 1 | 2>()
  for (const { step, before } of graph.ways(administrator)) {
    if (step === undefined) continue
    const rank = Math.max(rankOfProof([step]), graph.sumOf(before).rank) as 0 | 1 | 2 // of ranks
    if (rank < (found.get(step.from) ?? 3)) found.set(step.from, rank)
  }
  return found
}
