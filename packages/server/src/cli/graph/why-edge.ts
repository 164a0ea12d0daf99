import type { ContextOptions } from '../context-option.ts'
import type { Language } from '../words/language.ts'
import { sayWhyEdge, sayWhyEdges } from './edge.ts'
import { budgetOf } from './incomplete.ts'
import { openGraph } from './open.ts'
import type { StepsOptions } from './steps-option.ts'
import { surroundingsOf } from './surroundings.ts'
import type { WorldOptions } from './world-options.ts'

/** Options of a question how one principal becomes another. */
export interface BecomingOptions extends WorldOptions, StepsOptions, ContextOptions {
  readonly output: 'human' | 'json'
}

/** Says how a principal becomes another one; how everyone does, if the first is absent. @throws CommandFailure */
export async function sayBecoming(
  options: BecomingOptions,
  language: Language,
  from: string | undefined,
  to: string,
): Promise<void> {
  const graph = await openGraph(options, surroundingsOf(options.context ?? []))
  const how = { output: options.output, budget: budgetOf(options), language }
  if (from === undefined) sayWhyEdges(graph, to, how)
  else sayWhyEdge(graph, from, to, how)
}
