import { wildcardMatcher } from '@omen-iam/policy'
import type { Graph, PathOptions, PathsAnswer } from './graph.ts'
import { StepBudget } from './proof/budget.ts'
import { administrator } from './proof/goal.ts'
import type { Verdict } from './reach.ts'
import type { Principal, World } from './world/world.ts'

/** A team's expectation about the paths of an account. */
export interface PathExpectation {
  /** Patterns of users and roles: `user/*`, `role/ci-?`, a name, or an ARN. */
  readonly from: readonly string[]
  /** `administrator`, or patterns of users and roles. */
  readonly to: readonly string[]
  /**
   * `none`: nobody has a path that is proven or conditional. `conditional`: nobody has a path that is proven. `proven`:
   * everybody has a path that is proven.
   */
  readonly expect: 'none' | 'conditional' | 'proven'
  /** Patterns of those of `from` that are not asked. */
  readonly except: readonly string[]
}

/** The way in which an expectation is met. */
export interface ExpectationAnswer {
  /** Questions that were asked: pairs of a start and a goal. */
  readonly asked: number
  /** Answers that are not as expected, those of administrators themselves included. */
  readonly wrong: readonly PathsAnswer[]
  /** Answers that a missing fact or the budget leaves open. */
  readonly undecided: readonly PathsAnswer[]
  /** Patterns of `from` and `to` that nobody matches. */
  readonly unmatched: readonly string[]
}

const met: Readonly<Record<PathExpectation['expect'], readonly Verdict[]>> = {
  none: ['none', 'blocked'],
  conditional: ['none', 'blocked', 'conditional'],
  proven: ['proven'],
}

/** Asks for every path that an expectation is about. */
export function checkPaths(
  graph: Graph,
  { from, to, expect, except }: PathExpectation,
  options: PathOptions = {},
): ExpectationAnswer {
  const isExcepted = matcherOf(except)
  const starts = principalsMatching(graph.world, from).filter((principal) => !isExcepted(principal))
  const isGoal = to.length === 1 && (to[0] === administrator || to[0] === 'admin')
  const goals = isGoal ? [undefined] : principalsMatching(graph.world, to)
  const budget = options.budget ?? new StepBudget()
  const answers = starts.flatMap((start) =>
    goals
      .filter((goal) => goal?.arn !== start.arn)
      .map((goal) => graph.paths(start, goal, { most: 3, ...options, budget })),
  )
  // A search that ended early may have missed a better path, but none that it found is wrong.
  const isOpen = ({ verdict, incomplete }: PathsAnswer): boolean =>
    verdict === 'undecided' || (incomplete !== undefined && verdict === 'conditional' && expect !== 'none')
  const patterns = isGoal ? from : [...from, ...to]
  return {
    asked: answers.length,
    wrong: answers.filter((answer) => !isOpen(answer) && !met[expect].includes(answer.verdict)),
    undecided: answers.filter(isOpen),
    unmatched: patterns.filter((pattern) => principalsMatching(graph.world, [pattern]).length === 0),
  }
}

/** The users and roles that one of the patterns matches, each once. */
export function principalsMatching(
  { users, roles }: World,
  patterns: readonly string[],
): readonly Principal[] {
  const isMatch = matcherOf(patterns)
  return [...users.values(), ...roles.values()].filter(isMatch)
}

function matcherOf(patterns: readonly string[]): (principal: Principal) => boolean {
  const matchers = patterns.map((pattern) => wildcardMatcher(pattern))
  return ({ arn, name, type }) => {
    const own = arn.slice(arn.indexOf(`:${type}/`) + 1)
    return matchers.some((matches) => [arn, own, `${type}/${name}`, name].some(matches))
  }
}
