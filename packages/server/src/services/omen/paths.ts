import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { answerView, breakOf, type Graph, type Path, type Person, pathView } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { documentsOf } from './documents.ts'
import { notFound, optionsOf } from './open.ts'
import { pageOf } from './page.ts'

/** The most paths that are computed of one question. */
const mostPaths = 200

/** Paths of an answer for which an edit that ends them is searched. */
const mostBreaks = 3

/** ListPaths: paths from one principal to another. @throws Fault */
export function listPaths(
  graph: Graph,
  revision: string,
  input: OmenGraph.ListPathsRequest,
): OmenGraph.ListPathsResponse {
  const from = getPerson(graph, input.from)
  const to = getGoal(graph, input.to)
  const options = optionsOf(input)
  const answer = graph.paths(from, to, { ...options, most: mostPaths })
  const via = input.via === undefined ? undefined : getPerson(graph, input.via).arn
  const wanted = answer.paths.filter(
    (path) =>
      (via === undefined || goesBy(path, via)) &&
      (input.verdicts === undefined || input.verdicts.some((each) => each === path.verdict)),
  )
  const { items, nextToken } = pageOf(wanted, input.maxResults ?? 20, input.nextToken, revision)
  const view = answerView(graph.world, { ...answer, paths: items })
  const shown = view.paths.map((path, place) => {
    if (place >= mostBreaks || (path.verdict !== 'proven' && path.verdict !== 'conditional')) return path
    const breaks = breakOf(graph, techniqueTable(), from, to, items[place]!, options) // as many as there are items
    return breaks === undefined ? path : { ...path, breaks }
  })
  return { revision, ...view, paths: shown, nextToken }
}

/** GetEdge: the steps that lead from one principal to another by themselves. @throws Fault */
export function getEdge(
  graph: Graph,
  revision: string,
  input: OmenGraph.GetEdgeRequest,
): OmenGraph.GetEdgeResponse {
  const { world } = graph
  const from = getPerson(graph, input.from)
  const to = getGoal(graph, input.to)
  const ways = waysOf(graph, from, to, input)
  const [best] = ways
  return {
    revision,
    from: from.arn,
    to: to?.arn ?? 'administrator',
    verdict: best?.verdict ?? 'none',
    ways: ways.map((way) => pathView(world, way)),
    documents: documentsOf(world, ways),
    problems: world.problems,
  }
}

function waysOf(
  graph: Graph,
  from: Person,
  to: Person | undefined,
  input: OmenGraph.GetEdgeRequest,
): readonly Path[] {
  const options = optionsOf(input)
  if (to !== undefined) return graph.edge(from, to, options)
  const { paths: all } = graph.paths(from, undefined, { ...options, most: mostPaths })
  return all.filter(({ steps }) => steps.every((step) => step.from === from.arn))
}

function goesBy({ steps }: Path, arn: string): boolean {
  return steps.some(({ from, to }) => from === arn || to === arn)
}

/** @throws Fault if there is no such user or role */
export function getPerson(graph: Graph, name: string): Person {
  const person = graph.find(name)
  if (person === undefined) throw notFound(`There is no user and no role ${name}.`)
  return person
}

/** The principal that is to be reached; undefined for an administrator. @throws Fault if there is no such user or role */
export function getGoal(graph: Graph, name: string | undefined): Person | undefined {
  return name === undefined || name === 'administrator' ? undefined : getPerson(graph, name)
}
