import type { Graph, SeenCall } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { proposeCut } from './cut.ts'
import { exportGraph } from './export.ts'
import { getEdge, listPaths } from './paths.ts'
import { getReach } from './reach.ts'

type Operations = OmenGraph.Operations

/** The name of an operation of the graph. */
export type OperationName = Exclude<keyof Operations, 'GetAccountDetails'>

/** A question, as the thread is asked. */
export interface Question<Name extends OperationName = OperationName> {
  readonly operation: Name
  readonly input: Operations[Name]['input']
  /** The revision of the account. */
  readonly revision: string
  /** The calls of the trail that a cut spares. */
  readonly seen: readonly SeenCall[]
}

type Answers = {
  readonly [Name in OperationName]: (graph: Graph, question: Question<Name>) => Operations[Name]['output']
}

const answers: Answers = {
  ListPaths: (graph, { input, revision }) => listPaths(graph, revision, input),
  GetEdge: (graph, { input, revision }) => getEdge(graph, revision, input),
  GetReach: (graph, { input, revision }) => getReach(graph, revision, input),
  ProposeCut: (graph, { input, revision, seen }) => proposeCut(graph, revision, input, seen),
  ExportGraph: (graph, { input, revision }) => exportGraph(graph, revision, input),
}

/** Answers a question about a graph. @throws Fault if it asks for what cannot be */
export function answerTo<Name extends OperationName>(
  graph: Graph,
  question: Question<Name>,
): Operations[Name]['output'] {
  return answers[question.operation](graph, question)
}
