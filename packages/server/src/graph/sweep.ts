import { heldName } from './binding.ts'
import type { Step } from './fact-graph.ts'
import type { Path, PathsAnswer } from './graph.ts'
import type { Person } from './world.ts'

/** What a sweep asks of one principal: the answer, in pieces. `known` has proofs that were found before. */
type Ask = (
  from: Person,
  known: ReadonlyMap<string, readonly Step[]> | undefined,
) => Generator<void, PathsAnswer>

/**
 * Asks every principal for its best path to a goal. Yields between the pieces of each search: how many principals are
 * done. Returns the answers of those that come to the goal.
 */
export function* sweep(
  people: readonly Person[],
  to: Person | undefined,
  ask: Ask,
): Generator<number, PathsAnswer[]> {
  const found: PathsAnswer[] = []
  // Of an administrator any path will do; those to a principal are the shortest.
  const known = to === undefined ? new Map<string, readonly Step[]>() : undefined
  let done = 0
  // Many lead to a few roles, which therefore come first.
  for (const type of ['role', 'user'] as const) {
    for (const from of people) {
      if (from.type !== type) continue
      done++
      if (from === to) continue
      const pieces = ask(from, known)
      let next = pieces.next()
      for (; next.done !== true; next = pieces.next()) yield done
      if (done % 100 === 0) yield done
      const answer = next.value
      const [best] = answer.paths
      if (best === undefined || answer.verdict === 'blocked') continue
      found.push(answer)
      if (isForAll(best)) known?.set(heldName(from, type === 'user' ? 'key' : 'assumed'), best.steps)
    }
  }
  return found
}

/** Whether a path is the same for every session that its first principal is held in. */
function isForAll({ residual }: Path): boolean {
  return !residual.some(({ key }) => /:SourceIdentity$/i.test(key))
}
