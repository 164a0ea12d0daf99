import { isThere, type Path } from './answer.ts'
import type { Graph, PathOptions, PathsAnswer, Start } from './graph.ts'
import { labelOfStep, shortArn } from './label.ts'
import type { Call, Power } from './power.ts'
import { StepBudget } from './proof/budget.ts'
import { isOpen, type Reached } from './reach.ts'
import type { Principal } from './world/world.ts'

/** The question, and whether derived techniques are asked about in any case. */
export interface DerivedQuestion extends Pick<PathOptions, 'account' | 'retired'> {
  readonly derived?: boolean
  readonly steps: number
  /** The principals that are undecided without derived techniques: of these an undecided path says nothing new. */
  readonly undecided?: ReadonlySet<string>
}

/** The answers about those of whom nothing else is found, with techniques that are derived from documentation. [GRD-569] */
export function derivedOf(
  graph: Graph,
  principals: readonly Start[],
  to: Principal | undefined,
  { derived = false, steps, account, retired = false, undecided }: DerivedQuestion,
): readonly PathsAnswer[] {
  if (derived) return []
  const budget = new StepBudget(steps)
  return principals
    .map((from) => graph.paths(from, to, { most: 1, derived: true, retired, account, budget }))
    .filter((each) => isNews(each, undecided) && usesDerived(each))
}

/** Whether a path says more than is known without it: it is open, or nothing else is even undecided. [GRD-569] */
function isNews({ from, verdict }: PathsAnswer, undecided: ReadonlySet<string> | undefined): boolean {
  return isOpen({ verdict }) || (verdict === 'undecided' && undecided?.has(from) !== true)
}

/** Whether the best path has such a technique. If not, there is one without: it was accepted. */
function usesDerived({ paths: [best] }: PathsAnswer): boolean {
  return best?.steps.some(({ basis }) => basis === 'derived') === true
}

/** The same for a list: those who come to a goal and are not listed. */
export function derivedComers(
  graph: Graph,
  to: Principal | undefined,
  { derived = false, steps, account, retired = false, undecided }: DerivedQuestion,
  listed: ReadonlySet<string>,
): readonly PathsAnswer[] {
  if (derived) return []
  const budget = new StepBudget(steps)
  const all = graph.comers(to, { derived: true, retired, account, budget })
  return all.filter(
    (each) => isNews(each, undecided) && usesDerived(each) && !isThere(each) && !listed.has(each.from),
  )
}

/**
 * The principals that come to a goal by derived techniques alone, in words: one start, or everyone. `known`: the answers without
 * these techniques, if they were asked before.
 */
export function derivedFor(
  graph: Graph,
  from: Start | undefined,
  to: Principal | undefined,
  question: DerivedQuestion,
  known?: readonly PathsAnswer[],
): readonly string[] {
  if (question.derived === true || question.steps <= 0) return []
  const { account, retired = false, steps } = question
  const options = { retired, account, most: 1, budget: new StepBudget(steps) }
  const others = known ?? (from === undefined ? graph.comers(to, options) : [graph.paths(from, to, options)])
  const listed = new Set(others.filter(isOpen).map((each) => each.from))
  const asked = { ...question, undecided: undecidedIn(others) }
  if (from !== undefined) return listed.size > 0 ? [] : derivedNames(derivedOf(graph, [from], to, asked))
  return derivedNames(derivedComers(graph, to, asked, listed))
}

/** The principals that some answers leave undecided. */
export function undecidedIn(answers: readonly Pick<PathsAnswer, 'from' | 'verdict'>[]): ReadonlySet<string> {
  return new Set(answers.flatMap(({ from, verdict }) => (verdict === 'undecided' ? from : [])))
}

/** The things that a principal reaches by derived techniques alone: nothing else leads to them, or less surely. */
export function derivedReach(
  graph: Graph,
  from: Start,
  reached: readonly Reached[],
  { derived = false, steps }: DerivedQuestion,
): readonly Reached[] {
  if (derived) return []
  const listed = new Set(reached.map(({ principal }) => principal.arn))
  const all = graph.reach(from, { derived: true, budget: new StepBudget(steps) })
  return all.filter(
    ({ principal, verdict }) =>
      (verdict === 'proven' || verdict === 'conditional') && !listed.has(principal.arn),
  )
}

/** The principals that come to make a call by derived techniques alone. */
export function derivedPowers(
  graph: Graph,
  { action, resource, context }: Call,
  { derived = false, steps }: DerivedQuestion,
  listed: ReadonlySet<string>,
): readonly Power[] {
  if (derived) return []
  const all = graph.powers(action, resource, { derived: true, budget: new StepBudget(steps) }, context)
  return all.filter(({ principal, verdict }) => isOpen({ verdict }) && !listed.has(principal.arn))
}

/** The principals that come to a goal by derived techniques alone, in words: the principal, the verdict and the techniques. */
export function derivedNames(answers: readonly PathsAnswer[]): readonly string[] {
  return answers.map(({ from, verdict, paths: [best] }) => named(from, verdict, best?.steps ?? []))
}

/** The same of those that come to make a call. */
export function derivedPowerNames(powers: readonly Power[]): readonly string[] {
  return powers.map(({ principal, verdict, steps }) => named(principal.arn, verdict, steps))
}

function named(arn: string, verdict: string, steps: Path['steps']): string {
  const labels = steps.flatMap((step) => (step.basis === 'derived' ? labelOfStep(step) : []))
  return `${shortArn(arn)} (${verdict}: ${[...new Set(labels)].join(', ')})`
}

/** The same of what a principal reaches. */
export function derivedReachNames(reached: readonly Reached[]): readonly string[] {
  return reached.map(({ principal, verdict }) => `${shortArn(principal.arn)} (${verdict})`)
}
