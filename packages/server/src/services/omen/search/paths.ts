import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import {
  answerView,
  breakOf,
  derivedNames,
  derivedOf,
  edgeOf,
  type Graph,
  type Path,
  type Principal,
  pathView,
  problemIn,
  type Start,
  undecidedIn,
} from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { type ClaimsAsked, notFound } from '../index.ts'
import { withStatedClaims } from './claims.ts'
import { documentsOf } from './documents.ts'
import { derivedQuestionOf, optionsOf } from './options.ts'
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
  const from = getStart(graph, input.from, input)
  const { to, account } = getGoal(graph, input.to)
  const options = { ...optionsOf(input), account }
  const answer = graph.paths(from, to, { ...options, most: mostPaths })
  const via = input.via === undefined ? undefined : getPrincipal(graph, input.via).arn
  const wanted = answer.paths.filter(
    (path) =>
      (via === undefined || goesBy(path, via)) &&
      (input.verdicts === undefined || input.verdicts.some((each) => each === path.verdict)),
  )
  const { items, nextToken } = pageOf(wanted, input.maxResults ?? 20, input.nextToken, revision)
  const view = answerView(graph.world, { ...answer, paths: items }, input.language)
  const shown = view.paths.map((path, place) => {
    if (place >= mostBreaks || (path.verdict !== 'proven' && path.verdict !== 'conditional')) return path
    const breaks = breakOf(graph, techniqueTable(), from, to, items[place]!, options, input.language) // as many as there are items
    return breaks === undefined ? path : { ...path, breaks }
  })
  const isOpen = answer.verdict === 'proven' || answer.verdict === 'conditional'
  const question = { ...derivedQuestionOf(input, options), account, undecided: undecidedIn([answer]) }
  const onlyDerived = isOpen ? [] : derivedNames(derivedOf(graph, [from], to, question))
  return {
    revision,
    ...view,
    paths: shown,
    nextToken,
    ...(onlyDerived.length === 0 ? {} : { onlyDerived }),
  }
}

/**
 * GetEdge: the ways from one principal to another without a third one in between. With `pathFrom`, also those that need
 * what comes before them on the paths from there.
 * @throws Fault
 */
export function getEdge(
  graph: Graph,
  revision: string,
  input: OmenGraph.GetEdgeRequest,
): OmenGraph.GetEdgeResponse {
  const { world } = graph
  const { pathFrom, pathTo } = input
  // What a token says is said of where the path begins.
  const start = pathFrom === undefined ? undefined : getStart(graph, pathFrom, input)
  const from = start === undefined ? getStart(graph, input.from, input) : endNamed(graph, input.from, start)
  const goal = start === undefined ? getGoal(graph, input.to) : goalNamed(graph, input.to)
  const end = pathTo === undefined ? undefined : getGoal(graph, pathTo)
  const { to } = goal
  const account = goal.account ?? end?.account
  const options = { ...optionsOf(input), account }
  const along = start && { from: start, to: end === undefined && typeof to !== 'string' ? to : end?.to }
  const ways = edgeOf(graph, { from, to }, { ...options, along })
  if (ways.length === 0)
    for (const each of [from, to]) if (typeof each === 'string') getPrincipal(graph, each)
  const { incomplete } = options.budget
  const [best] = ways
  return {
    revision,
    from: nameOf(from),
    to: to === undefined ? goalName(account) : nameOf(to),
    verdict: best?.verdict ?? (incomplete === undefined ? 'none' : 'undecided'),
    ways: ways.map((way) => pathView(world, way, { language: input.language, hasStatements: true })),
    documents: documentsOf(world, ways),
    problems: world.problems.map((each) => problemIn(each, input.language ?? 'en')),
    ...(incomplete === undefined ? {} : { incomplete }),
  }
}

/** Where an arrow of a path begins: a start, or the ARN of what is made on the way. */
function endNamed(graph: Graph, name: string, start: Start): Start | string {
  const found = name === start.arn ? start : graph.findStart(name)
  return found ?? (isMade(name) ? name : getStart(graph, name, {}))
}

/** Where it ends. */
function goalNamed(
  graph: Graph,
  name: string,
): { to: Principal | string | undefined; account?: string | undefined } {
  return isMade(name) && graph.find(name) === undefined ? { to: name } : getGoal(graph, name)
}

function isMade(name: string): boolean {
  return /^arn:[^:]*:iam::\d{12}:(?:user|role)\//.test(name)
}

function nameOf(end: Start | string): string {
  return typeof end === 'string' ? end : end.arn
}

function goalName(account: string | undefined): string {
  return account === undefined ? 'administrator' : `administrator of ${account}`
}

function goesBy({ steps }: Path, arn: string): boolean {
  return steps.some(({ from, to }) => from === arn || to === arn)
}

/** @throws Fault if there is no such user or role */
export function getPrincipal(graph: Graph, name: string): Principal {
  const principal = graph.find(name)
  if (principal === undefined) throw notFound(`There is no user and no role ${name}.`)
  return principal
}

/**
 * A start, with what the request says of its token.
 * @throws Fault if there is no such user or role, and no trust policy names it; or if it has no token
 */
export function getStart(graph: Graph, name: string, asked: ClaimsAsked): Start {
  const start = graph.findStart(name)
  if (start === undefined)
    throw notFound(`There is no user and no role ${name}, and no trust policy names it.`)
  return withStatedClaims(start, name, asked)
}

/** The goal: a principal, or an administrator, perhaps of one account. */
export interface GoalAsked {
  readonly to: Principal | undefined
  readonly account: string | undefined
}

/** Returns the goal. @throws Fault if there is no such user or role */
export function getGoal(graph: Graph, name: string | undefined): GoalAsked {
  const [, account] = /^(\d{12})\/administrator$/.exec(name ?? '') ?? []
  const isAdministrator = name === undefined || name === 'administrator' || account !== undefined
  return { to: isAdministrator ? undefined : getPrincipal(graph, name), account }
}
