import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { type Call, family } from '../../authorization/index.ts'
import { answerView, breakOf, type Graph, type Path, type Person, pathView } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { askedOf } from './asks.ts'
import { documentsOf } from './documents.ts'
import { accountsOf, notFound, openGraph, optionsOf } from './open.ts'
import { pageOf } from './page.ts'

/** The most paths that are computed of one question. */
const mostPaths = 200

/** Paths of an answer for which an edit that ends them is searched. */
const mostBreaks = 3

/** Paths from one principal to another, and the steps that lead there by themselves. */
export const paths = family<OmenGraph.Operations>()({
  ListPaths: {
    accounts: accountsOf,
    requests: askedOf('ListPaths'),
    run(input: OmenGraph.ListPathsRequest, call: Call) {
      const { graph, revision } = openGraph(input, call)
      const from = getPerson(graph, input.from)
      const answer = graph.paths(from, getGoal(graph, input.to), { ...optionsOf(input), most: mostPaths })
      const via = input.via === undefined ? undefined : getPerson(graph, input.via).arn
      const wanted = answer.paths.filter(
        (path) =>
          (via === undefined || goesBy(path, via)) &&
          (input.verdicts === undefined || input.verdicts.some((each) => each === path.verdict)),
      )
      const { items, nextToken } = pageOf(wanted, input.maxResults ?? 20, input.nextToken, revision)
      const view = answerView(graph.world, { ...answer, paths: items })
      const breaks = (path: Path): { readonly breaks?: string } => {
        const edit = breakOf(graph, techniqueTable(), from, getGoal(graph, input.to), path, optionsOf(input))
        return edit === undefined ? {} : { breaks: edit }
      }
      const shown = view.paths.map((path, place) =>
        place < mostBreaks && (path.verdict === 'proven' || path.verdict === 'conditional')
          ? { ...path, ...breaks(items[place]!) } // as many as there are items
          : path,
      )
      return { revision, ...view, paths: shown, nextToken }
    },
  },
  GetEdge: {
    accounts: accountsOf,
    requests: askedOf('GetEdge'),
    run(input: OmenGraph.GetEdgeRequest, call: Call) {
      const { graph, revision } = openGraph(input, call)
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
    },
  },
})

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
