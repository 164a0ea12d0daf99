import type { ResidualCondition } from '@omen-iam/policy'
import {
  derivedComers,
  derivedNames,
  derivedPowerNames,
  derivedPowers,
  derivedReach,
  derivedReachNames,
  type FactUsed,
  factIn,
  type Graph,
  heldBy,
  labelOfStep,
  noteOfKey,
  noteOfKeyPolicy,
  type Outsider,
  type Path,
  type PathOptions,
  type Principal,
  pathView,
  titleOfOutsider,
  undecidedIn,
  type Verdict,
} from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { invalid } from '../index.ts'
import { type AskedOptions, derivedQuestionOf, optionsOf } from './options.ts'
import { pageOf } from './page.ts'
import { getGoal, getStart } from './paths.ts'

/** GetReach: whom a principal can become, who can become it, and who can make a call. @throws Fault */
export function getReach(
  graph: Graph,
  revision: string,
  input: OmenGraph.GetReachRequest,
): OmenGraph.GetReachResponse {
  const options = optionsOf(input)
  const found = reachedOf(graph, input, options)
  const { items, nextToken } = pageOf(found, input.maxResults ?? 100, input.nextToken, revision)
  const isFirst = input.nextToken === undefined
  const outside = isFirst ? outsideOf(graph, input, options) : undefined
  const notes = isFirst ? notesOf(graph, input) : []
  const onlyDerived = isFirst ? derivedIn(graph, input, options, found) : []
  const { incomplete } = options.budget
  return {
    revision,
    reached: items,
    ...(outside === undefined ? {} : { outside }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(onlyDerived.length === 0 ? {} : { onlyDerived }),
    problems: graph.world.problems,
    ...(incomplete === undefined ? {} : { incomplete }),
    nextToken,
  }
}

/** The outsiders, with the first page of those that can become a principal or make a call. */
function outsideOf(
  graph: Graph,
  { who, direction, action, resource }: OmenGraph.GetReachRequest,
  options: PathOptions,
): readonly OmenGraph.OutsideComer[] | undefined {
  if (who === undefined)
    return action === undefined || resource === undefined
      ? undefined
      : graph
          .outsidePowers(action, resource)
          .map(({ outsider, verdict, facts, residual }) =>
            outsideComer(graph, outsider, { verdict, steps: [], residual }, facts),
          )
  if (direction !== 'to') return undefined
  const { to, account } = getGoal(graph, who)
  return graph.outsideComers(to, { ...options, account }).flatMap(({ from, verdict, paths: [best] }) => {
    const outsider = graph.findOutsider(from)
    return outsider === undefined || best === undefined
      ? []
      : [outsideComer(graph, outsider, { ...best, verdict })]
  })
}

function outsideComer(
  graph: Graph,
  outsider: Outsider,
  path: PathFound,
  facts: readonly FactUsed[] = [],
): OmenGraph.OutsideComer {
  return {
    principal: outsider.arn,
    kind: outsider.is,
    title: titleOfOutsider(outsider),
    ...shown(graph, path),
    ...factsIn(facts),
  }
}

/** Notes about what is in no file and may let others make the call. */
function notesOf(graph: Graph, { action, resource }: OmenGraph.GetReachRequest): readonly string[] {
  if (action === undefined || resource === undefined) return []
  const notes = [noteOfKeyPolicy(graph.world, resource), noteOfKey(graph.world, action, resource)]
  return notes.filter((note) => note !== undefined)
}

/** The principals that reach, or are reached, by derived techniques alone: with the first page. */
function derivedIn(
  graph: Graph,
  input: OmenGraph.GetReachRequest,
  options: AskedOptions,
  found: readonly Reached[],
): readonly string[] {
  const { who, direction = 'from', action, resource } = input
  const question = derivedQuestionOf(input, options)
  const isOpen = ({ verdict }: Reached): boolean => verdict === 'proven' || verdict === 'conditional'
  const listed = new Set(found.filter(isOpen).map(({ principal }) => principal))
  if (who === undefined)
    return action === undefined || resource === undefined
      ? []
      : derivedPowerNames(derivedPowers(graph, { action, resource }, question, listed))
  if (direction === 'to') {
    const { to, account } = getGoal(graph, who)
    const undecided = undecidedIn(found.map(({ principal, verdict }) => ({ from: principal, verdict })))
    return derivedNames(derivedComers(graph, to, { ...question, account, undecided }, listed))
  }
  const reached = derivedReach(graph, getStart(graph, who, input), [], question)
  return derivedReachNames(reached.filter(({ principal }) => !listed.has(principal.arn)))
}

type Reached = OmenGraph.ReachedPrincipal

function reachedOf(graph: Graph, input: OmenGraph.GetReachRequest, options: PathOptions): readonly Reached[] {
  const { who, direction = 'from', action, resource } = input
  if (who === undefined) {
    if (input.claims !== undefined) throw invalid('The request must not have claims without who.')
    if (action === undefined || resource === undefined)
      throw invalid('The request must have who, or action and resource.')
    return graph.powers(action, resource, options).map(({ principal, facts, after, ...path }) => ({
      ...reached(graph, principal, path, false),
      ...(after === undefined ? {} : { after }),
      ...factsIn(facts),
    }))
  }
  if (action !== undefined || resource !== undefined)
    throw invalid('The request must have who, or action and resource, not both.')
  if (direction === 'from') {
    return graph.reach(getStart(graph, who, input), options).map((each) => ({
      ...identified(each.principal),
      verdict: each.verdict,
      steps: each.steps,
      isAdministrator: each.isAdministrator,
      techniques: [],
      labels: [],
      residual: [],
    }))
  }
  if (input.claims !== undefined) throw invalid('The request must not have claims with the direction to.')
  const { to, account } = getGoal(graph, who)
  return comersTo(graph, to, { ...options, account })
}

/** The principals that can become a principal or an administrator, the best first. */
function comersTo(graph: Graph, to: Principal | undefined, options: PathOptions): readonly Reached[] {
  return graph.comers(to, options).flatMap(({ from, verdict, paths: [best] }) => {
    const principal = graph.find(from)
    if (principal === undefined || best === undefined || verdict === 'none' || verdict === 'blocked')
      return []
    const isAdministrator = to === undefined && best.steps.every((step) => step.technique === 'administrator')
    return [reached(graph, principal, best, isAdministrator)]
  })
}

/** A path as answers of the graph have it. */
interface PathFound {
  readonly verdict: Verdict
  readonly steps: Path['steps']
  readonly residual: readonly ResidualCondition[]
}

function reached(graph: Graph, principal: Principal, path: PathFound, isAdministrator: boolean): Reached {
  const holders = heldBy(graph.world, principal.arn)
  return {
    ...identified(principal),
    ...shown(graph, path),
    isAdministrator,
    ...(holders.length === 0 ? {} : { heldBy: holders }),
  }
}

/** The calls of a path, and the conditions that are left. */
function shown(graph: Graph, path: PathFound) {
  const taken = path.steps.filter(({ technique }) => technique !== 'administrator')
  return {
    verdict: path.verdict,
    steps: taken.length,
    techniques: taken.map(({ technique }) => technique),
    labels: taken.map(labelOfStep),
    residual: pathView(graph.world, path).residual,
  }
}

function factsIn(facts: readonly FactUsed[]): { readonly facts?: OmenGraph.ReachedPrincipal['facts'] } {
  return facts.length === 0 ? {} : { facts: facts.map((each) => factIn(each)) }
}

function identified({ arn, type, name }: Principal) {
  return { principal: arn, type, name }
}
