import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { PathsAnswer } from '../answer.ts'
import type { Graph } from '../graph.ts'
import type { Incomplete } from '../proof/budget.ts'
import { dotOf, graphmlOf, mermaidOf } from './formats.ts'
import { openGraphOf } from './opengraph.ts'
import { type Picture, type PictureQuestion, pictureOfView } from './picture.ts'
import { svgOf } from './svg.ts'
import { viewOf } from './view.ts'
import { noteOf, type PictureLanguage, pictureWords } from './words.ts'

/** Formats that a graph can be written in. */
export const exportFormats = ['svg', 'dot', 'mermaid', 'json', 'graphml', 'opengraph'] as const

export type ExportFormat = (typeof exportFormats)[number]

/** A graph in one of the formats. */
export interface Exported {
  readonly contentType: string
  readonly text: string
  /** The drawing; OpenGraph has none. */
  readonly picture: Picture | undefined
  /** The answers that it is drawn of; none of what is near a principal. */
  readonly answers: readonly PathsAnswer[]
  /** If searches ended early: there may be more relations. */
  readonly incomplete?: Incomplete
}

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  svg: 'image/svg+xml',
  dot: 'text/vnd.graphviz',
  mermaid: 'text/vnd.mermaid',
  json: 'application/json',
  graphml: 'application/graphml+xml',
  opengraph: 'application/json',
}

/** Writes what a question is about in a format. */
export function exportAs(
  graph: Graph,
  table: TechniqueTable,
  format: ExportFormat,
  question: PictureQuestion,
): Exported {
  const contentType = contentTypes[format]
  const view = viewOf(graph, question)
  const { answers } = view
  const early = view.incomplete === undefined ? {} : { incomplete: view.incomplete }
  if (format === 'opengraph')
    return { contentType, text: openGraphOf(graph.world, view, table), picture: undefined, answers, ...early }
  const drawing = pictureOfView(graph.world, view, question)
  const edges = drawing.edges.map(({ labels: _, ...edge }) => edge)
  const picture = { ...drawing, edges }
  const { language } = question
  const text = format === 'svg' ? svgOf(drawing, language) : write(format, picture, language)
  return { contentType, text, picture, answers, ...early }
}

function write(
  format: Exclude<ExportFormat, 'opengraph' | 'svg'>,
  picture: Picture,
  language: PictureLanguage | undefined,
): string {
  const note = noteOf(picture, pictureWords[language ?? 'en'])
  switch (format) {
    case 'dot':
      return dotOf(picture, note)
    case 'mermaid':
      return mermaidOf(picture, note)
    case 'graphml':
      return graphmlOf(picture, note)
    case 'json':
      return `${JSON.stringify(picture, undefined, 2)}\n`
  }
}
