import type { Search } from './search/search.ts'
import { type Person, personOf } from './world/world.ts'

/** What an answer says. `none`: no step is allowed. */
export type Verdict = 'proven' | 'conditional' | 'blocked' | 'undecided' | 'none'

/** A principal that is reached. */
export interface Reached {
  readonly person: Person
  readonly verdict: Verdict
  readonly steps: number
  readonly isAdministrator: boolean
}

/** How sure verdicts are, the surest first. */
export const ranks: Readonly<Record<Verdict, number>> = {
  proven: 0,
  conditional: 1,
  undecided: 2,
  blocked: 3,
  none: 4,
}

/** The verdicts of proofs, by rank. */
export const verdicts = ['proven', 'conditional', 'undecided'] as const

/** What a search has reached: the surest first. */
export function reachOf(search: Search, from: { readonly arn: string }): readonly Reached[] {
  const reached = new Map<string, Reached>()
  for (const [fact, held] of search.held) {
    const { person } = held
    const cost = search.graph.cost(fact)
    if (cost === undefined || personOf(search.world, person.arn) === undefined) continue
    // Of the principal itself only that it is an administrator.
    if (person.arn === from.arn && !search.isAdministrator(held)) continue
    const verdict = verdicts[cost.rank]
    const before = reached.get(person.arn)
    if (before !== undefined && ranks[before.verdict] <= ranks[verdict]) continue
    reached.set(person.arn, {
      person,
      verdict,
      steps: cost.steps,
      isAdministrator: search.isAdministrator(held),
    })
  }
  return [...reached.values()].sort(
    (one, other) => ranks[one.verdict] - ranks[other.verdict] || one.steps - other.steps,
  )
}
