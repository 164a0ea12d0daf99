import type { Graph } from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import type { OperationName, Question } from '../index.ts'
import { proposeCut } from './cut.ts'
import { exportGraph } from './export.ts'
import { getEdge, listPaths } from './paths.ts'
import { getReach } from './reach.ts'

type Answers = {
  readonly [Name in OperationName]: (
    graph: Graph,
    question: Question<Name>,
  ) => OmenGraph.Operations[Name]['output']
}

const answers: Answers = {
  ListPaths: (graph, { input, revision }) => listPaths(graph, revision, input),
  GetEdge: (graph, { input, revision }) => getEdge(graph, revision, input),
  GetReach: (graph, { input, revision }) => getReach(graph, revision, input),
  ProposeCut: (graph, { input, revision, trail }) => proposeCut(graph, revision, input, trail),
  ExportGraph: (graph, { input, revision }) => exportGraph(graph, revision, input),
}

/** Answers a question about a graph. @throws Fault if it asks for what cannot be */
export function answerTo<Name extends OperationName>(
  graph: Graph,
  question: Question<Name>,
): OmenGraph.Operations[Name]['output'] {
  return answers[question.operation](graph, question)
}
