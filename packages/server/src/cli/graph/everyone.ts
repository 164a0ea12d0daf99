import {
  endedEarly,
  type Graph,
  heldBy,
  isThere,
  lineOfPath,
  type PathsAnswer,
  pathView,
} from '../../graph/index.ts'
import { print, safe } from '../output.ts'

/** The most principals that are named; the rest is counted. */
const mostLines = 15

/** The answers about everyone's paths to a goal. */
export interface Everyone {
  /** The principals that come to it, or may, each with its best path. */
  readonly answers: readonly PathsAnswer[]
  /** Users and roles of which it is not known. */
  readonly undecided: number
  readonly principals: number
  /** Service-linked roles, which are not asked. */
  readonly ofServices: number
}

/** Prints a summary of one screen: how many come to the goal, and the best path of each of the first. */
export function printEveryone(
  graph: Graph,
  goal: string,
  { answers, undecided, principals, ofServices }: Everyone,
): void {
  const there = answers.filter(isThere)
  const open = answers.filter((each) => !isThere(each))
  const of = (verdict: string): number => open.filter((each) => each.verdict === verdict).length
  const counts = [
    `${of('proven')} proven`,
    `${of('conditional')} conditional`,
    `${undecided} undecided`,
    `${there.length} there already`,
  ]
  print(
    `everyone → ${safe(goal)}        ${open.length} of ${principals} users and roles: ${counts.join(', ')}\n`,
  )
  for (const answer of open.slice(0, mostLines)) {
    const [best] = answer.paths
    const ends = { ...answer, heldBy: heldBy(graph.world, answer.from) }
    print(`  ${safe(lineOfPath(ends, best && pathView(graph.world, best)))}\n`)
  }
  if (open.length > mostLines) print(`  … ${open.length - mostLines} more (all with --output json)\n`)
  const [incomplete] = answers.flatMap((each) => each.incomplete ?? [])
  if (incomplete !== undefined) print(`There may be more paths: ${endedEarly(incomplete)}.\n`)
  if (ofServices > 0)
    print(
      `${ofServices} service-linked ${ofServices === 1 ? 'role is' : 'roles are'} left out: only services assume them.\n`,
    )
  if (open.length > 0)
    print('omen paths NAME shows each step; omen break everyone proposes how to end them.\n')
}
