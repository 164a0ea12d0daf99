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
  placeWithin,
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

/** How many comers and ways are printed at most, and how many lines of one statement. */
const most = { comers: 20, ways: 5, lines: 12 } as const

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
  const view = edgeView(graph, startNamed(graph, who), personNamed(graph, role), budget)
  process.exitCode = exitOf(view.verdict)
  say([view], output === 'json' ? JSON.stringify(view, undefined, 2) : undefined)
}

/**
 * Says the same of everyone that becomes a principal, from inside and from outside the accounts.
 * @throws CommandFailure if there is no such principal
 */
export function sayWhyEdges(graph: Graph, role: string, output: 'human' | 'json', budget: StepBudget): void {
  const to = personNamed(graph, role)
  const comers = [...graph.comers(to, { budget }), ...graph.outsideComers(to, { budget })]
  const views = comers
    .filter(({ from, verdict }) => from !== to.arn && verdict !== 'none' && verdict !== 'blocked')
    .slice(0, most.comers)
    .map(({ from }) => edgeView(graph, startNamed(graph, from), to, budget))
  const verdicts = views.map(({ verdict }) => exitOf(verdict))
  const { incomplete } = budget
  process.exitCode = verdicts.includes(0)
    ? 0
    : verdicts.includes(exitCodes.undecided) || incomplete !== undefined
      ? exitCodes.undecided
      : exitCodes.no
  say(views, output === 'json' ? JSON.stringify(views, undefined, 2) : undefined)
  if (output === 'json') return
  if (views.length === 0)
    print(`nobody → ${short(to.arn)}        ${incomplete === undefined ? 'no path' : 'undecided'}\n`)
  if (comers.length > most.comers)
    print(`\n… at most ${most.comers} are shown: omen who-can become ${short(to.arn)} lists all\n`)
}

function edgeView(graph: Graph, from: Start, to: Person, budget: StepBudget): EdgeView {
  const ways = edgeOf(graph, { from, to }, { budget })
  const through = ways.length > 0 ? [] : graph.paths(from, to, { most: 3, budget }).paths
  const { incomplete } = budget
  return {
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
}

function exitOf(verdict: string): number {
  if (verdict === 'proven' || verdict === 'conditional') return 0
  return verdict === 'undecided' ? exitCodes.undecided : exitCodes.no
}

function say(views: readonly EdgeView[], json: string | undefined): void {
  if (json !== undefined) {
    print(`${json}\n`)
    return
  }
  for (const [place, view] of views.entries()) {
    if (place > 0) print('\n')
    for (const line of linesOf(view)) print(`${line}\n`)
  }
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
  yield `      allowed by ${safe(placeWithin(place))} (${layerWords[place.layer] ?? place.layer})`
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
