import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import { cutAnswerView, type Graph, proposeCuts, type SeenCall } from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { invalid } from '../index.ts'
import { optionsOf } from './options.ts'
import { getGoal, getPerson, getStart } from './paths.ts'

/** ProposeCut: the smallest sets of edits that end paths. @throws Fault */
export function proposeCut(
  graph: Graph,
  revision: string,
  input: OmenGraph.ProposeCutRequest,
  seen: readonly SeenCall[],
): OmenGraph.ProposeCutResponse {
  const from = input.from === undefined ? undefined : getStart(graph, input.from, input)
  if (from === undefined && input.claims !== undefined)
    throw invalid('The request must not have claims without from.')
  const { to, account } = getGoal(graph, input.to)
  const answer = proposeCuts(graph, techniqueTable(), {
    ...optionsOf(input),
    account,
    ...(from === undefined ? {} : { starts: [from] }),
    ...(to === undefined ? {} : { to }),
    seen,
    acceptConditional: input.acceptConditional === true,
    except: new Set(
      (input.except ?? []).map((name) => (name.startsWith('arn:') ? name : getPerson(graph, name).arn)),
    ),
    most: input.maxCuts ?? 1,
  })
  return {
    revision,
    ...cutAnswerView(
      graph.world,
      answer,
      from?.arn,
      to?.arn ?? (account && `administrator of ${account}`),
      input.language,
    ),
  }
}
