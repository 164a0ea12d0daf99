import type { ResidualCondition } from '@omen-iam/policy'
import {
  derivedComers,
  derivedNames,
  derivedPowerNames,
  derivedPowers,
  derivedReach,
  derivedReachNames,
  type Graph,
  heldBy,
  labelOfStep,
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
  const outside = input.nextToken === undefined ? outsideOf(graph, input, options) : undefined
  const onlyDerived = input.nextToken === undefined ? derivedIn(graph, input, options, found) : []
  const { incomplete } = options.budget
  return {
    revision,
    reached: items,
    ...outside,
    ...(onlyDerived.length === 0 ? {} : { onlyDerived }),
    problems: graph.world.problems,
    ...(incomplete === undefined ? {} : { incomplete }),
    nextToken,
  }
}

/** The ways from outside: with the first page of principals that can become a principal. */
function outsideOf(
  graph: Graph,
  { who, direction }: OmenGraph.GetReachRequest,
  options: PathOptions,
): { readonly outside: readonly OmenGraph.OutsideComer[] } | undefined {
  if (who === undefined || direction !== 'to') return undefined
  const { to, account } = getGoal(graph, who)
  const answers = graph.outsideComers(to, { ...options, account })
  return {
    outside: answers.flatMap(({ from, verdict, paths: [best] }) => {
      const outsider = graph.findOutsider(from)
      if (outsider === undefined || best === undefined) return []
      const taken = best.steps.filter(({ technique }) => technique !== 'administrator')
      return [
        {
          principal: from,
          kind: outsider.is,
          title: titleOfOutsider(outsider),
          verdict,
          steps: taken.length,
          techniques: taken.map(({ technique }) => technique),
          labels: taken.map(labelOfStep),
          residual: pathView(graph.world, best).residual,
        },
      ]
    }),
  }
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
    return graph
      .powers(action, resource, options)
      .map(({ principal, ...path }) => reached(graph, principal, path, false))
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

function reached(
  graph: Graph,
  principal: Principal,
  path: {
    readonly verdict: Verdict
    readonly steps: Path['steps']
    readonly residual: readonly ResidualCondition[]
  },
  isAdministrator: boolean,
): Reached {
  const holders = heldBy(graph.world, principal.arn)
  const { residual } = pathView(graph.world, path)
  const taken = path.steps.filter(({ technique }) => technique !== 'administrator')
  return {
    ...identified(principal),
    verdict: path.verdict,
    steps: taken.length,
    isAdministrator,
    techniques: taken.map(({ technique }) => technique),
    labels: taken.map(labelOfStep),
    residual,
    ...(holders.length === 0 ? {} : { heldBy: holders }),
  }
}

function identified({ arn, type, name }: Principal) {
  return { principal: arn, type, name }
}
