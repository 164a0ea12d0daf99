import { relative } from 'node:path'
import {
  checkPaths,
  type ExpectationAnswer,
  lineOfPath,
  type PathsAnswer,
  pathView,
  StepBudget,
  type World,
} from '../../graph/index.ts'
import { openGraph } from '../graph/open.ts'
import type { SeedServer } from './seed-server.ts'
import type { Named, PreparedCase, Question, Tested } from './types.ts'

/** Paths that are named of one case. */
const namedMost = 10

/** Asks for the paths of an account, and compares them with what is expected. */
export async function runPaths(
  { file, name, expect, place, seed }: PreparedCase,
  { expectation, files, derived, steps }: Extract<Question, { type: 'paths' }>,
  servers: (seed: string) => Promise<SeedServer>,
): Promise<Tested> {
  const common = { file, name, expect, place, change: [] }
  const graph = files === undefined ? (await servers(seed ?? '')).graph() : await openGraph(files)
  const answer = checkPaths(graph, expectation, { derived, budget: new StepBudget(steps) })
  if (answer.unmatched.length > 0)
    return {
      ...common,
      status: 'error',
      because: `no user or role matches ${answer.unmatched.join(', ')}`,
      statements: [],
    }
  const { wrong, undecided, asked } = answer
  const isMet = wrong.length === 0 && undecided.length === 0
  return {
    ...common,
    status: isMet ? 'passed' : 'failed',
    got: isMet ? expectation.expect : worstOf(answer),
    because: `${isMet ? '' : `${wrong.length + undecided.length} of `}${asked} ${asked === 1 ? 'question' : 'questions'}`,
    statements: [...wrong, ...undecided]
      .slice(0, namedMost)
      .map((each) => named(graph.world, each, files?.from)),
  }
}

/** Returns the answer to report of a case: the one that is furthest from the expected one. */
function worstOf({ wrong, undecided }: ExpectationAnswer): PathsAnswer['verdict'] {
  const verdicts = wrong.map(({ verdict }) => verdict)
  for (const each of ['proven', 'conditional', 'blocked', 'none'] as const)
    if (verdicts.includes(each)) return each
  return undecided.length > 0 ? 'undecided' : 'none'
}

/** The best path in a line, and where the first statement of it is in the account's file. */
function named(world: World, answer: PathsAnswer, file: string | undefined): Named {
  const [best] = answer.paths
  const path = best && pathView(world, best)
  const [by, ...others] =
    path?.steps.flatMap(({ requests }) => requests).flatMap(({ decision }) => decision) ?? []
  // the place of the only statement follows the words
  const isPlaced = by !== undefined && others.length === 0 && file !== undefined
  const words = lineOfPath(answer, path, { places: isPlaced ? 'none' : 'all' })
  if (by === undefined || file === undefined) return { words }
  const { line, column } = by
  const name = relative(process.cwd(), file)
  return {
    words,
    place: {
      file: name.startsWith('..') ? file : name,
      startLine: line,
      startColumn: column,
      endLine: line,
      endColumn: column,
    },
  }
}
