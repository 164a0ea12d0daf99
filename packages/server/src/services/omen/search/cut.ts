import { cutAnswerView, derivedFor, type Graph, proposeCuts, type TrailRead } from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { invalid } from '../index.ts'
import { derivedQuestionOf, optionsOf } from './options.ts'
import { getGoal, getPrincipal, getStart } from './paths.ts'

/** ProposeCut: the smallest sets of edits that end paths. @throws Fault */
export function proposeCut(
  graph: Graph,
  revision: string,
  input: OmenGraph.ProposeCutRequest,
  trail: TrailRead | undefined,
): OmenGraph.ProposeCutResponse {
  const from = input.from === undefined ? undefined : getStart(graph, input.from, input)
  if (from === undefined && input.claims !== undefined)
    throw invalid('The request must not have claims without from.')
  const { to, account } = getGoal(graph, input.to)
  const options = optionsOf(input)
  const answer = proposeCuts(graph, {
    ...options,
    account,
    ...(from === undefined ? {} : { starts: [from] }),
    ...(to === undefined ? {} : { to }),
    seen: trail?.calls ?? [],
    acceptConditional: input.acceptConditional === true,
    except: new Set(
      (input.except ?? []).map((name) => (name.startsWith('arn:') ? name : getPrincipal(graph, name).arn)),
    ),
    most: input.maxCuts ?? 1,
  })
  const goal = to?.arn ?? (account && `administrator of ${account}`)
  const view = cutAnswerView(graph.world, answer, from?.arn, goal, input.language, trail)
  const question = { ...derivedQuestionOf(input, options), account }
  const onlyDerived = view.paths > 0 ? [] : derivedFor(graph, from, to, question)
  return { revision, ...view, ...(onlyDerived.length === 0 ? {} : { onlyDerived }) }
}
