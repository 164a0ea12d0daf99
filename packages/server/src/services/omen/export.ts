import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { type Call, family } from '../../authorization/index.ts'
import { exportAs, type PictureQuestion, type RelationVerdict } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { askedOf } from './asks.ts'
import { accountsOf, invalid, openGraph, optionsOf } from './open.ts'
import { getGoal, getPerson } from './paths.ts'

/** The graph as a drawing or as data. */
export const exports = family<OmenGraph.Operations>()({
  ExportGraph: {
    accounts: accountsOf,
    requests: askedOf('ExportGraph'),
    readOnly: true,
    run(input: OmenGraph.ExportGraphRequest, call: Call) {
      const { graph, revision } = openGraph(input, call)
      const { around, from, to, depth, maxNodes, unfold, verdicts, format } = input
      if (around !== undefined && (from !== undefined || to !== undefined))
        throw invalid('The request must not have around together with from or to.')
      const goal = getGoal(graph, to)
      const question: PictureQuestion = {
        ...optionsOf(input),
        ...(around === undefined ? {} : { around: getPerson(graph, around) }),
        ...(from === undefined ? {} : { from: getPerson(graph, from) }),
        ...(goal === undefined ? {} : { to: goal }),
        ...(depth === undefined ? {} : { depth }),
        ...(maxNodes === undefined ? {} : { maxNodes }),
        ...(unfold === undefined ? {} : { unfold }),
        ...(verdicts === undefined ? {} : { verdicts: verdicts.filter(isShown) }),
      }
      const { contentType, text, picture } = exportAs(graph, techniqueTable(), format, question)
      return {
        revision,
        format,
        contentType,
        text,
        ...(format === 'json' && picture !== undefined ? { graph: picture } : {}),
      }
    },
  },
})

function isShown(verdict: OmenGraph.Verdict): verdict is RelationVerdict {
  return verdict !== 'none'
}
