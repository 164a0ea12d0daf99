import { techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  breakOf,
  edgeOf,
  endedEarly,
  type Graph,
  type Incomplete,
  type Path,
  type PathView,
  type Person,
  pathView,
  type RequestView,
  type Start,
  type StatementPlace,
  type StepBudget,
  type StepView,
} from '../../graph/index.ts'
import { exitCodes } from '../failure.ts'
import { print, safe } from '../output.ts'
import { personNamed, startNamed } from './names.ts'

/** What is shown of one edge. */
interface EdgeView {
  readonly from: string
  readonly to: string
  readonly verdict: string
  /** Each way without a third principal in between. Others that make calls of it are in `alsoHeld`. */
  readonly ways: readonly PathView[]
  /** Ways through others, if there is none by itself. */
  readonly through: readonly PathView[]
  /** If the search ended early: there may be more ways. */
  readonly incomplete?: Incomplete
}

/** How a way is described. */
const shown = { hasStatements: true }

/** How many ways are printed at most, and how many lines of one statement. */
const most = { ways: 5, lines: 12 } as const

/**
 * Says in full how one principal becomes another one by itself: every request with its statement.
 * @throws CommandFailure if there is no such principal
 */
export function sayWhyEdge(
  graph: Graph,
  who: string,
  role: string,
  output: 'human' | 'json',
  budget: StepBudget,
): void {
  const from = startNamed(graph, who)
  const to = personNamed(graph, role)
  const ways = edgeOf(graph, { from, to }, { budget })
  const through = ways.length > 0 ? [] : graph.paths(from, to, { most: 3, budget }).paths
  const { incomplete } = budget
  const view: EdgeView = {
    from: from.arn,
    to: to.arn,
    verdict: ways[0]?.verdict ?? through[0]?.verdict ?? (incomplete === undefined ? 'none' : 'undecided'),
    ...(incomplete === undefined ? {} : { incomplete }),
    ways: ways.map((way, place) =>
      place < most.ways && way.alsoHeld === undefined
        ? withBreak(graph, from, to, way, budget)
        : pathView(graph.world, way, shown),
    ),
    through: through.map((path) => pathView(graph.world, path, shown)),
  }
  process.exitCode =
    view.verdict === 'proven' || view.verdict === 'conditional'
      ? 0
      : view.verdict === 'undecided'
        ? exitCodes.undecided
        : exitCodes.no
  if (output === 'json') {
    print(`${JSON.stringify(view, undefined, 2)}\n`)
    return
  }
  for (const line of linesOf(view)) print(`${line}\n`)
}

function withBreak(graph: Graph, from: Start, to: Person, way: Path, budget: StepBudget): PathView {
  const breaks = breakOf(graph, techniqueTable(), from, to, way, { budget })
  return { ...pathView(graph.world, way, shown), ...(breaks === undefined ? {} : { breaks }) }
}

function* linesOf(view: EdgeView): Generator<string> {
  const { from, to, verdict, ways, through, incomplete } = view
  const nothing = incomplete === undefined ? 'no path' : 'undecided'
  const head = ways.length > 0 ? headOf(ways) : through.length > 0 ? `not by itself: ${verdict}` : nothing
  yield `${short(from)} → ${short(to)}        ${head}`
  for (const way of ways.slice(0, most.ways)) {
    yield ''
    if (way.alsoHeld !== undefined) yield `if ${namesOf(way.alsoHeld)} is held as well:`
    for (const step of way.steps) yield* linesOfStep(step)
    if (way.breaks !== undefined) yield `  breaks with: ${safe(way.breaks)}`
  }
  if (ways.length > most.ways) yield `\n… ${ways.length - most.ways} more (all with --output json)`
  for (const [place, path] of through.entries()) {
    yield ''
    const count = path.steps.filter(({ technique }) => technique !== 'administrator').length
    yield `path ${place + 1}, ${path.verdict}, ${count} ${count === 1 ? 'step' : 'steps'}:`
    for (const step of path.steps) yield* linesOfStep(step)
  }
  if (incomplete !== undefined)
    yield `There may be ${ways.length + through.length === 0 ? 'ways' : 'more ways'}: ${endedEarly(incomplete)}. --steps allows more.`
}

/** How sure it is, and whether others must be held as well. */
function headOf(ways: readonly PathView[]): string {
  const [best] = ways
  const count = ways.length === 1 ? 'one way' : `${ways.length} ways`
  if (best?.alsoHeld === undefined) return `${best?.verdict}, ${count}`
  return `not by itself: ${best.verdict} together with ${namesOf(best.alsoHeld)}, ${count}`
}

function namesOf(arns: readonly string[]): string {
  return arns.map(short).join(' and ')
}

function* linesOfStep(step: StepView): Generator<string> {
  const { label, technique, delay, verdict, basis } = step
  yield `${safe(label)} (${safe(technique)})   ${short(step.from)} → ${short(step.to)}`
  yield `  ${verdict}, ${delay === 'now' ? 'at once' : safe(delay)}, ${credentialWords[step.form]}, ${basisWords[basis] ?? safe(basis)}`
  for (const request of step.requests) yield* linesOfRequest(request)
  for (const { fact, name, value, known } of step.facts)
    yield `  ${safe(name)}: ${safe(value)} (${safe(fact)}, ${knownWords[known] ?? safe(known)})`
  for (const { operator, key, values, mustHold, who } of step.residual)
    yield `  if ${mustHold ? '' : 'not '}${safe(operator)} ${safe(key)} ${safe(values.join(', '))}: ${safe(who)}`
  if (step.because !== undefined) yield `  ${safe(step.because)}`
  if (step.refused?.deny !== undefined) yield* linesOfText(step.refused.deny)
}

function* linesOfRequest(request: RequestView): Generator<string> {
  const { principal, action, resource, context, decision } = request
  yield `  ${short(principal)} asks ${safe(action)} on ${short(resource)}`
  for (const [key, value] of Object.entries(context))
    yield `      with ${safe(key)} = ${safe([value].flat().join(', '))}`
  for (const place of decision) yield* linesOfPlace(place)
}

function* linesOfPlace(place: StatementPlace): Generator<string> {
  const { policy, layer, line, column } = place
  yield `      allowed by ${safe(policy)}:${line}:${column} (${layerWords[layer] ?? layer})`
  yield* linesOfText(place)
}

function* linesOfText({ statement = '' }: StatementPlace): Generator<string> {
  const lines = unindented(statement)
  for (const text of lines.slice(0, most.lines)) if (text.trim() !== '') yield `        ${safe(text)}`
  if (lines.length > most.lines) yield '        …'
}

/** By what credentials the principal of a step acts. */
const credentialWords: Readonly<Record<StepView['form'], string>> = {
  key: 'by its access key',
  console: 'by a console session',
  mfa: 'by a session with MFA',
  assumed: 'by a session of the role',
  service: 'by a session that a service holds',
}

/** Where a technique is known from. */
const basisWords: Readonly<Record<string, string>> = {
  field: 'a published technique',
  documented: 'documented by AWS',
  derived: 'derived from documentation, not tried',
}

/** What says that a fact holds. */
const knownWords: Readonly<Record<string, string>> = {
  details: 'from the account',
  inventory: 'from the inventory',
  unknown: 'unknown',
}

const layerWords: Readonly<Record<string, string>> = {
  identity: 'identity policy',
  resource: 'resource or trust policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'SCP',
  rcp: 'RCP',
}

/** The lines of a statement, without what all but the first are indented by. */
function unindented(text: string): readonly string[] {
  const [first = '', ...rest] = text.split('\n')
  const indents = rest
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const least = Math.min(...indents, Number.MAX_SAFE_INTEGER)
  return [first, ...rest.map((line) => line.slice(least))]
}

function short(arn: string): string {
  return safe(/^arn:[^:]*:(?:iam|sts)::\d*:(.+)$/.exec(arn)?.[1] ?? arn)
}
