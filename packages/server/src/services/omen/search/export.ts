import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import {
  derivedFor,
  exportAs,
  type Graph,
  type PictureQuestion,
  type RelationVerdict,
} from '../../../graph/index.ts'
import type { OmenGraph } from '../../../model/index.ts'
import { invalid } from '../index.ts'
import { derivedQuestionOf, optionsOf } from './options.ts'
import { getGoal, getPrincipal, getStart } from './paths.ts'

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
  const start = from === undefined ? undefined : getStart(graph, from, input)
  const options = optionsOf(input)
  const question: PictureQuestion = {
    ...options,
    account,
    ...(around === undefined ? {} : { around: getPrincipal(graph, around) }),
    ...(start === undefined ? {} : { from: start }),
    ...(goal === undefined ? {} : { to: goal }),
    ...(depth === undefined ? {} : { depth }),
    ...(maxNodes === undefined ? {} : { maxNodes }),
    ...(unfold === undefined ? {} : { unfold }),
    ...(language === undefined ? {} : { language }),
    ...(verdicts === undefined ? {} : { verdicts: verdicts.filter(isShown) }),
  }
  const exported = exportAs(graph, techniqueTable(), format, question)
  const { contentType, text, picture, answers, incomplete } = exported
  const drawn = format === 'json' && picture !== undefined ? { graph: picture } : {}
  const early = incomplete === undefined ? {} : { incomplete }
  const asked = { ...derivedQuestionOf(input, options), account }
  const onlyDerived = around === undefined ? derivedFor(graph, start, goal, asked, answers) : []
  const derived = onlyDerived.length === 0 ? {} : { onlyDerived }
  return { revision, format, contentType, text, ...drawn, ...early, ...derived }
}

function isShown(verdict: OmenGraph.Verdict): verdict is RelationVerdict {
  return verdict !== 'none'
}
