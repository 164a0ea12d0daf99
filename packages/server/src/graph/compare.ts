import type { Graph, PathOptions, PathsAnswer } from './graph.ts'
import { type Incomplete, StepBudget } from './proof/budget.ts'
import type { Verdict } from './reach.ts'
import { peopleIn, personOf, type World } from './world/world.ts'

/** A path that a change opens or closes. */
export interface PathChange {
  readonly from: string
  /** `administrator`, or the ARN of a user or role. */
  readonly to: string
  readonly before: Verdict
  readonly after: Verdict
  /** The best path: after the change if it opens, before the change if it closes. */
  readonly answer: PathsAnswer
  /** The world that the answer is about. */
  readonly world: World
}

/** The paths that a change opens and closes. */
export interface PathChanges {
  readonly opened: readonly PathChange[]
  readonly closed: readonly PathChange[]
  /** False: the accounts are so large that only paths to an administrator were compared. */
  readonly isComplete: boolean
  /** If searches ended early: it is not known whether these principals have more paths that open or close. */
  readonly incomplete?: Incomplete
}

/** More users and roles than this are compared by their paths to an administrator only. */
const peopleMost = 300

const ranks: Readonly<Record<Verdict, number>> = {
  none: 0,
  blocked: 0,
  undecided: 1,
  conditional: 2,
  proven: 3,
}

/**
 * Compares the paths of two states of an account, or of several accounts that are in view together. A path opens if its verdict gets surer, and closes if it gets less
 * sure. What an administrator could become is not listed.
 */
export function comparePaths(
  before: Graph | undefined,
  after: Graph | undefined,
  options: PathOptions = {},
): PathChanges {
  const opened: PathChange[] = []
  const closed: PathChange[] = []
  const starts = new Set([...arnsOf(before), ...arnsOf(after)])
  const isComplete = starts.size <= peopleMost
  const budget = options.budget ?? new StepBudget()
  const all = { ...options, budget }
  const once = { most: 1, ...all }
  const compare = (from: string, to: string | undefined): void => {
    const old = answerOf(before, from, to, once)
    const now = answerOf(after, from, to, once)
    const difference = ranks[now?.verdict ?? 'none'] - ranks[old?.verdict ?? 'none']
    const [answer, graph] = difference > 0 ? [now, after] : [old, before]
    if (difference === 0 || answer === undefined || graph === undefined) return
    // What was not searched to the end may be surer than it seems.
    const less = difference > 0 ? old : now
    if (less?.incomplete !== undefined || (answer.verdict === 'undecided' && answer.incomplete !== undefined))
      return
    const change: PathChange = {
      from,
      to: answer.to,
      before: old?.verdict ?? 'none',
      after: now?.verdict ?? 'none',
      answer,
      world: graph.world,
    }
    if (difference > 0) opened.push(change)
    else closed.push(change)
  }
  for (const from of starts) compare(from, undefined)
  if (isComplete) {
    for (const from of starts) {
      const [old, now] = [reachedOf(before, from, all), reachedOf(after, from, all)]
      // its other paths follow from this
      if (old === 'all' || now === 'all') continue
      const goals = new Set([...old.keys(), ...now.keys()])
      for (const to of goals) if (to !== from && old.get(to) !== now.get(to)) compare(from, to)
    }
  }
  const { incomplete } = budget
  return { opened, closed, isComplete, ...(incomplete === undefined ? {} : { incomplete }) }
}

function arnsOf(graph: Graph | undefined): readonly string[] {
  return graph === undefined ? [] : peopleIn(graph.world).map(({ arn }) => arn)
}

function answerOf(
  graph: Graph | undefined,
  from: string,
  to: string | undefined,
  options: PathOptions,
): PathsAnswer | undefined {
  const start = graph && personOf(graph.world, from)
  const goal = to === undefined ? undefined : graph && personOf(graph.world, to)
  if (graph === undefined || start === undefined || (to !== undefined && goal === undefined)) return undefined
  return graph.paths(start, goal, options)
}

/** Verdicts by what a principal reaches; `all` if it comes to be an administrator. */
function reachedOf(
  graph: Graph | undefined,
  from: string,
  options: PathOptions,
): ReadonlyMap<string, Verdict> | 'all' {
  const start = graph && personOf(graph.world, from)
  if (graph === undefined || start === undefined) return new Map()
  const { verdict } = graph.paths(start, undefined, { ...options, most: 1 })
  if (verdict === 'proven' || verdict === 'conditional') return 'all'
  return new Map(graph.reach(start, options).map(({ person, verdict }) => [person.arn, verdict]))
}
