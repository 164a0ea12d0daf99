/** A choice that hits every clause, and what it costs. */
export interface Choice {
  readonly names: readonly string[]
  readonly cost: number
}

/** The clauses that a choice must satisfy. */
export interface Clauses {
  /** Of each, one name at least is chosen. */
  readonly clauses: readonly ReadonlySet<string>[]
  readonly cost: (name: string) => number
  /** Choices that are not wanted, nor any that contains one of them. */
  readonly not: readonly (readonly string[])[]
  /** Nodes of the search tree that are looked at. */
  readonly most: number
}

/** The answer, and whether it is proven to be the cheapest one. */
export interface Solved {
  /** Undefined if there is none. */
  readonly choice: Choice | undefined
  readonly isExact: boolean
}

/** The cheapest choice that hits every clause: branch and bound, the clause with the fewest names first. */
export function solve({ clauses, cost, not, most }: Clauses): Solved {
  let best: Choice | undefined
  let left = most
  const chosen: string[] = []
  const excluded = new Set<string>()
  const isWanted = (): boolean => !not.some((names) => names.every((name) => chosen.includes(name)))

  const visit = (open: readonly ReadonlySet<string>[], spent: number): void => {
    if (left-- <= 0) return
    if (!isWanted()) return
    if (open.length === 0) {
      if (best === undefined || spent < best.cost) best = { names: [...chosen].sort(), cost: spent }
      return
    }
    if (best !== undefined && spent + boundOf(open, excluded, cost) >= best.cost) return
    const clause = open.reduce((one, other) =>
      sizeOf(other, excluded) < sizeOf(one, excluded) ? other : one,
    )
    const names = [...clause]
      .filter((name) => !excluded.has(name))
      .sort((one, other) => cost(one) - cost(other) || (one < other ? -1 : 1))
    const tried: string[] = []
    for (const name of names) {
      chosen.push(name)
      visit(
        open.filter((each) => !each.has(name)),
        spent + cost(name),
      )
      chosen.pop()
      excluded.add(name)
      tried.push(name)
    }
    for (const name of tried) excluded.delete(name)
  }

  visit(clauses, 0)
  return { choice: best, isExact: left > 0 }
}

/** The least cost of the open clauses: those that share no name are paid one by one. */
function boundOf(
  open: readonly ReadonlySet<string>[],
  excluded: ReadonlySet<string>,
  cost: (name: string) => number,
): number {
  const seen = new Set<string>()
  let total = 0
  for (const clause of open) {
    const names = [...clause].filter((name) => !excluded.has(name))
    if (names.length === 0) return Number.POSITIVE_INFINITY
    if (names.some((name) => seen.has(name))) continue
    for (const name of names) seen.add(name)
    total += Math.min(...names.map(cost))
  }
  return total
}

function sizeOf(clause: ReadonlySet<string>, excluded: ReadonlySet<string>): number {
  let size = 0
  for (const name of clause) if (!excluded.has(name)) size++
  return size
}
