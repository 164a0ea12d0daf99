import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { type Graph, graphOf, type Path, type PathOptions, type Start } from '../graph.ts'
import { StepBudget } from '../proof/budget.ts'
import { isOpen } from '../reach.ts'
import type { SentenceLanguage } from '../sentences.ts'
import type { Principal } from '../world/world.ts'
import { applyEdits } from './apply.ts'
import { candidatesOf } from './candidates.ts'
import { sentenceOf } from './describe-cut.ts'
import { Documents } from './documents.ts'
import { contextOf, rankOf } from './edit-kinds.ts'

/** Edits that are tried for one path, and paths that are looked for after each. */
const tries = 6
const mostPaths = 40

/**
 * An edit that ends a path by itself, as one sentence; undefined if none of the first few does. Each is applied to a copy
 * and the paths are searched again: a request may be allowed by another statement as well.
 */
export function breakOf(
  graph: Graph,
  table: TechniqueTable,
  from: Start,
  to: Principal | undefined,
  path: Path,
  options: PathOptions = {},
  language?: SentenceLanguage,
): string | undefined {
  const { world } = graph
  const documents = new Documents(world)
  const before = applyEdits(world, documents, [])
  const candidates = [...candidatesOf(path, before, { world, documents, passedTo: [] }).values()]
    .sort((one, other) => rankOf(one) - rankOf(other))
    .slice(0, tries)
  const { budget = new StepBudget() } = options
  const found = candidates.find((edit) => {
    if (budget.isSpent) return false
    const after = graphOf(applyEdits(world, documents, [edit]).world, table)
    const start = 'says' in from ? from : after.findStart(from.arn)
    const goal = to && after.find(to.arn)
    if (start === undefined) return true
    const { paths, incomplete } = after.paths(start, goal, { ...options, budget, most: mostPaths })
    // What a search that ended early does not find may be there.
    return (
      incomplete === undefined && !paths.some((each) => isOpen(each) && signature(each) === signature(path))
    )
  })
  return found && sentenceOf(found, contextOf(world, documents, [found]), language)
}

function signature({ steps }: Path): string {
  return JSON.stringify(steps.map(({ technique, from, to, result }) => [technique, from, to, result]))
}
