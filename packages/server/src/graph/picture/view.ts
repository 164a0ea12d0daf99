import type { PathsAnswer } from '../answer.ts'
import type { Graph, PathOptions, Start } from '../graph.ts'
import { type Incomplete, StepBudget } from '../proof/budget.ts'
import { type Principal, principalsIn } from '../world/world.ts'
import { goal, joined, type Relation, type RelationVerdict, relationsOf } from './relation.ts'

/** The subject of a picture. With nothing named: everyone who can become an administrator. */
export interface ViewQuestion extends PathOptions {
  /** A principal and what is near it, both ways. */
  readonly around?: Principal
  /** The paths from a principal. */
  readonly from?: Start
  /** The principal that is to be reached; absent: an administrator. */
  readonly to?: Principal
  /** Relations between the principal in the middle and the farthest one that is shown. 2 if absent. */
  readonly depth?: number
  /** Verdicts of the relations that are shown. Proven and conditional if absent. */
  readonly verdicts?: readonly RelationVerdict[]
}

/** Relations that a picture is made of, and the principal in the middle of it. */
export interface View {
  readonly relations: readonly Relation[]
  /** The layers count from here: `administrator` or an ARN. */
  readonly centre: string
  readonly isAround: boolean
  /** The answers about the starts that the paths to the end are shown of; none of what is near a principal. */
  readonly answers: readonly PathsAnswer[]
  /** If searches ended early: there may be more relations. */
  readonly incomplete?: Incomplete
}

/** Paths of one start that are shown. */
const pathsEach = 8

/** The relations that answer a question. */
export function viewOf(graph: Graph, question: ViewQuestion): View {
  const budget = question.budget ?? new StepBudget()
  const view = completeView(graph, { ...question, budget })
  const { incomplete } = budget
  return incomplete === undefined ? view : { ...view, incomplete }
}

function completeView(graph: Graph, question: ViewQuestion): View {
  const {
    around,
    from,
    to,
    verdicts = ['proven', 'conditional'],
    derived,
    retired,
    account,
    budget,
  } = question
  const options = {
    ...(derived === undefined ? {} : { derived }),
    ...(retired === undefined ? {} : { retired }),
    ...(account === undefined ? {} : { account }),
    budget,
  }
  const shown = (relations: Iterable<Relation>): readonly Relation[] =>
    joined(relations).filter(({ verdict }) => verdicts.includes(verdict))
  const ofAnswers = (answers: readonly PathsAnswer[]): readonly Relation[] =>
    shown(answers.flatMap(({ paths }) => paths.flatMap((path) => relationsOf(graph.world, path))))
  if (around !== undefined) {
    const near = within(shown(nearby(graph, around, options)), around.arn, question.depth ?? 2)
    return { relations: near, centre: around.arn, isAround: true, answers: [] }
  }
  if (from !== undefined) {
    const answer = graph.paths(from, to, { ...options, most: 20 })
    return { relations: ofAnswers([answer]), centre: to?.arn ?? goal, isAround: false, answers: [answer] }
  }
  // A service acts for principals that are drawn.
  const outside = graph.outsiders.filter(({ is }) => is !== 'service')
  const starts: readonly Start[] = [...startsOf(graph, to, verdicts, options), ...outside]
  const answers = starts
    .filter(({ arn }) => arn !== to?.arn)
    .map((principal) => graph.paths(principal, to, { ...options, most: pathsEach }))
  return { relations: ofAnswers(answers), centre: to?.arn ?? goal, isAround: false, answers }
}

/** The principals that come to the goal; all of them if steps that are stopped are shown. */
function startsOf(
  graph: Graph,
  to: Principal | undefined,
  verdicts: readonly RelationVerdict[],
  options: PathOptions,
): readonly Principal[] {
  const principals = principalsIn(graph.world)
  if (verdicts.includes('blocked')) return principals
  const comers = new Set(graph.comers(to, options).map(({ from }) => from))
  return principals.filter(({ arn }) => comers.has(arn))
}

/** The neighbourhood of a principal: whom it can become, and who can become it. */
function* nearby(graph: Graph, principal: Principal, options: PathOptions): Generator<Relation> {
  for (const { principal: reached, isAdministrator } of graph.reach(principal, options)) {
    if (reached.arn === principal.arn) {
      const { paths } = graph.paths(principal, undefined, { ...options, most: pathsEach })
      for (const path of paths) yield* relationsOf(graph.world, path)
      continue
    }
    const { paths } = graph.paths(principal, reached, { ...options, most: pathsEach })
    for (const path of paths) yield* relationsOf(graph.world, path)
    if (!isAdministrator) continue
    for (const path of graph.paths(reached, undefined, { ...options, most: pathsEach }).paths)
      yield* relationsOf(graph.world, path)
  }
  for (const { paths } of [...graph.comers(principal, options), ...graph.outsideComers(principal, options)])
    for (const path of paths) yield* relationsOf(graph.world, path)
}

/** The relations no farther from a principal than so many of them, each way. */
function within(relations: readonly Relation[], centre: string, depth: number): readonly Relation[] {
  const out = distances(relations, centre, 'from', 'to')
  const into = distances(relations, centre, 'to', 'from')
  return relations.filter(
    ({ from, to }) =>
      ((out.get(from) ?? depth) < depth && out.has(to)) ||
      ((into.get(to) ?? depth) < depth && into.has(from)),
  )
}

type End = 'from' | 'to'

/** Steps from a node to each other one, from one end of each relation to the other. */
export function distances(
  relations: readonly Pick<Relation, End>[],
  start: string,
  near: End,
  far: End,
): ReadonlyMap<string, number> {
  const next = Map.groupBy(relations, (relation) => relation[near])
  const found = new Map([[start, 0]])
  for (const [node, distance] of found)
    for (const { [far]: other } of next.get(node) ?? []) if (!found.has(other)) found.set(other, distance + 1)
  return found
}
