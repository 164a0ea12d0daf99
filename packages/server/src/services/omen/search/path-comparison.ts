import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  type Incomplete,
  type PathsAnswer,
  StepBudget,
  type World,
} from '../../../graph/index.ts'

/** How sure the path of a principal to an administrator is. */
export type Standing = 'proven' | 'conditional'

/** The knowledge about one state of some accounts: the graph, and who comes to an administrator, by ARN. */
export interface Known {
  readonly graph: Graph
  readonly standings: ReadonlyMap<string, Standing>
  /** The ARNs of those whose search ended early: whether they come to an administrator is not known. */
  readonly unknown: ReadonlySet<string>
}

/** The knowledge about the state after a change, and the best paths that the change opens. */
export interface Compared extends Known {
  readonly opened: readonly PathsAnswer[]
  /** If searches ended early: whether the change opens more paths is not known. */
  readonly incomplete?: Incomplete
}

/**
 * The most steps of one comparison. The first one of an account of 20,000 users and roles takes about 200,000, those after
 * a change far fewer.
 */
const comparisonSteps = 2_000_000

/** The budget of one comparison: so many steps, or the usual number, and no more once it is late. */
export function comparisonBudget(steps = comparisonSteps, isLate?: () => boolean): StepBudget {
  return new StepBudget(steps, undefined, isLate)
}

/**
 * Compares the paths to an administrator with those before a change, one principal after the other. Only principals that the
 * change may concern are asked; all of them if nothing is known yet.
 */
export function* comparePathsTo(
  world: World,
  before: Known | undefined,
  budget: StepBudget = comparisonBudget(),
): Generator<unknown, Compared> {
  const graph = before === undefined ? graphOf(world, techniqueTable()) : before.graph.changed(world)
  graph.prepare()
  yield
  const concerned = before && graph.concerned()
  yield
  const standings = new Map(concerned && before?.standings)
  const unknown = new Set(concerned && before?.unknown)
  for (const arn of concerned ?? []) {
    standings.delete(arn)
    unknown.delete(arn)
  }
  const opened: PathsAnswer[] = []
  for (const answer of yield* graph.comersOneByOne(undefined, { isWatched: true, budget }, concerned)) {
    const { from, verdict } = answer
    if (verdict === 'proven' || verdict === 'conditional') standings.set(from, verdict)
    if (before === undefined || !isNew(verdict, before.standings.get(from))) continue
    if (before.unknown.has(from) && !isNew(verdict, standingBefore(before.graph, from, budget))) continue
    // a path that several principals share is not always the shortest
    const best = ask(graph, from, budget)
    yield
    if (best !== undefined) opened.push(best.paths.length === 0 ? answer : best)
  }
  for (const arn of budget.unfinished) if (standings.get(arn) !== 'proven') unknown.add(arn)
  const { incomplete } = budget
  return { graph, standings, opened, unknown, ...(incomplete === undefined ? {} : { incomplete }) }
}

function ask(graph: Graph, arn: string, budget: StepBudget): PathsAnswer | undefined {
  const principal = graph.find(arn)
  return principal && graph.paths(principal, undefined, { most: 1, budget })
}

/**
 * Returns how sure the path of a principal was before a change whose search had ended early then. If it ends early again, the path
 * counts as one that was there: the budget says that it is not known.
 */
function standingBefore(graph: Graph, arn: string, budget: StepBudget): Standing | undefined {
  const answer = ask(graph, arn, budget)
  if (answer?.incomplete !== undefined) return 'proven'
  return answer?.verdict === 'proven' || answer?.verdict === 'conditional' ? answer.verdict : undefined
}

function isNew(verdict: PathsAnswer['verdict'], before: Standing | undefined): boolean {
  return verdict === 'proven' ? before !== 'proven' : verdict === 'conditional' && before === undefined
}
