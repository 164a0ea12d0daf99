import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import { exportAs, type Graph, type PictureQuestion, type RelationVerdict } from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { invalid } from '../index.ts'
import { optionsOf } from './options.ts'
import { getGoal, getPerson, getStart } from './paths.ts'

/** ExportGraph: the graph as a drawing or as data. @throws Fault */
export function exportGraph(
  graph: Graph,
  revision: string,
  input: OmenGraph.ExportGraphRequest,
): OmenGraph.ExportGraphResponse {
  const { around, from, to, depth, maxNodes, unfold, verdicts, format, language } = input
  if (around !== undefined && (from !== undefined || to !== undefined))
    throw invalid('The request must not have around together with from or to.')
  if (from === undefined && input.claims !== undefined)
    throw invalid('The request must not have claims without from.')
  const { to: goal, account } = getGoal(graph, to)
  const question: PictureQuestion = {
    ...optionsOf(input),
    account,
    ...(around === undefined ? {} : { around: getPerson(graph, around) }),
    ...(from === undefined ? {} : { from: getStart(graph, from, input) }),
    ...(goal === undefined ? {} : { to: goal }),
    ...(depth === undefined ? {} : { depth }),
    ...(maxNodes === undefined ? {} : { maxNodes }),
    ...(unfold === undefined ? {} : { unfold }),
    ...(language === undefined ? {} : { language }),
    ...(verdicts === undefined ? {} : { verdicts: verdicts.filter(isShown) }),
  }
  const { contentType, text, picture, incomplete } = exportAs(graph, techniqueTable(), format, question)
  const drawn = format === 'json' && picture !== undefined ? { graph: picture } : {}
  const early = incomplete === undefined ? {} : { incomplete }
  return { revision, format, contentType, text, ...drawn, ...early }
}

function isShown(verdict: OmenGraph.Verdict): verdict is RelationVerdict {
  return verdict !== 'none'
}
