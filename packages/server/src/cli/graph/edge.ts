import { techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  breakOf,
  edgeOf,
  type Graph,
  type Incomplete,
  type Path,
  type PathView,
  type Principal,
  pathView,
  placeWithin,
  type RequestView,
  type Start,
  type StatementPlace,
  type StepBudget,
  type StepView,
} from '../../graph/index.ts'
import { exitCodes } from '../failure.ts'
import { print, safe, shownArgument } from '../output.ts'
import { edgeWords } from '../words/edge.ts'
import type { Language } from '../words/language.ts'
import { principalNamed, startNamed } from './names.ts'

/** The members of an edge that are shown. */
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

/** How it is asked and said. */
export interface EdgeOptions {
  readonly output: 'human' | 'json'
  readonly budget: StepBudget
  readonly language: Language
}

/** How a way is described. */
const shownIn = (language: Language) => ({ hasStatements: true, language })

/** How many comers and ways are printed at most, and how many lines of one statement. */
const most = { comers: 20, ways: 5, lines: 12 } as const

/**
 * Says in full how one principal becomes another one by itself: every request with its statement.
 * @throws CommandFailure if there is no such principal
 */
export function sayWhyEdge(graph: Graph, who: string, role: string, options: EdgeOptions): void {
  const view = edgeView(graph, startNamed(graph, who), principalNamed(graph, role), options)
  process.exitCode = exitOf(view.verdict)
  say([view], options, view)
}

/**
 * Says the same of everyone that becomes a principal, from inside and from outside the accounts.
 * @throws CommandFailure if there is no such principal
 */
export function sayWhyEdges(graph: Graph, role: string, options: EdgeOptions): void {
  const { output, budget, language } = options
  const t = edgeWords[language]
  const to = principalNamed(graph, role)
  const comers = [...graph.comers(to, { budget }), ...graph.outsideComers(to, { budget })]
  const views = comers
    .filter(({ from, verdict }) => from !== to.arn && verdict !== 'none' && verdict !== 'blocked')
    .slice(0, most.comers)
    .map(({ from }) => edgeView(graph, startNamed(graph, from), to, options))
  const verdicts = views.map(({ verdict }) => exitOf(verdict))
  const { incomplete } = budget
  process.exitCode = verdicts.includes(0)
    ? 0
    : verdicts.includes(exitCodes.undecided) || incomplete !== undefined
      ? exitCodes.undecided
      : exitCodes.no
  say(views, options, views)
  if (output === 'json') return
  if (views.length === 0)
    print(
      `${t.nobody} → ${short(to.arn)}        ${t.verdict[incomplete === undefined ? 'none' : 'undecided']}\n`,
    )
  if (comers.length > most.comers)
    print(`\n${t.atMost(most.comers, `omen who-can become ${shownArgument(short(to.arn))}`)}\n`)
}

function edgeView(graph: Graph, from: Start, to: Principal, { budget, language }: EdgeOptions): EdgeView {
  const shown = shownIn(language)
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
        ? withBreak(graph, from, to, way, budget, language)
        : pathView(graph.world, way, shown),
    ),
    through: through.map((path) => pathView(graph.world, path, shown)),
  }
}

function exitOf(verdict: string): number {
  if (verdict === 'proven' || verdict === 'conditional') return 0
  return verdict === 'undecided' ? exitCodes.undecided : exitCodes.no
}

function say(views: readonly EdgeView[], { output, language }: EdgeOptions, json: unknown): void {
  if (output === 'json') {
    print(`${JSON.stringify(json, undefined, 2)}\n`)
    return
  }
  for (const [place, view] of views.entries()) {
    if (place > 0) print('\n')
    for (const line of linesOf(view, language)) print(`${line}\n`)
  }
}

function withBreak(
  graph: Graph,
  from: Start,
  to: Principal,
  way: Path,
  budget: StepBudget,
  language: Language,
): PathView {
  const breaks = breakOf(graph, techniqueTable(), from, to, way, { budget }, language)
  return { ...pathView(graph.world, way, shownIn(language)), ...(breaks === undefined ? {} : { breaks }) }
}

function* linesOf(view: EdgeView, language: Language): Generator<string> {
  const t = edgeWords[language]
  const { from, to, verdict, ways, through, incomplete } = view
  const said = t.verdict[ways.length + through.length === 0 && incomplete === undefined ? 'none' : verdict]
  const head =
    ways.length > 0 ? headOf(ways, language) : through.length > 0 ? t.notByItself(said ?? '') : said
  yield `${short(from)} → ${short(to)}        ${head}`
  for (const way of ways.slice(0, most.ways)) {
    yield ''
    if (way.alsoHeld !== undefined) yield t.ifHeld(way.alsoHeld.map(short).join(t.and))
    for (const step of way.steps) yield* linesOfStep(step, language)
    if (way.breaks !== undefined) yield `  ${t.breaksWith(safe(way.breaks))}`
  }
  if (ways.length > most.ways) yield `\n${t.more(ways.length - most.ways)}`
  for (const [place, path] of through.entries()) {
    yield ''
    const count = path.steps.filter(({ technique }) => technique !== 'administrator').length
    yield t.path(place + 1, t.verdict[path.verdict] ?? path.verdict, count)
    for (const step of path.steps) yield* linesOfStep(step, language)
  }
  if (incomplete !== undefined) yield t.mayBe(ways.length + through.length === 0, incomplete)
}

/** How sure it is, and whether others must be held as well. */
function headOf(ways: readonly PathView[], language: Language): string {
  const t = edgeWords[language]
  const [best] = ways
  const verdict = t.verdict[best?.verdict ?? 'none'] ?? ''
  if (best?.alsoHeld === undefined) return t.counted(verdict, ways.length)
  return t.together(verdict, best.alsoHeld.map(short).join(t.and), ways.length)
}

function* linesOfStep(step: StepView, language: Language): Generator<string> {
  const t = edgeWords[language]
  const { label, technique, delay, verdict, basis } = step
  yield `${safe(label)} (${safe(technique)})   ${short(step.from)} → ${short(step.to)}`
  yield `  ${t.step(t.verdict[verdict] ?? verdict, safe(t.delay(delay)), t.credential[step.form] ?? '', t.basis[basis] ?? safe(basis))}`
  for (const request of step.requests) yield* linesOfRequest(request, language)
  for (const { fact, name, value, known } of step.facts)
    yield `  ${t.fact(safe(name), safe(value), safe(fact), t.known[known] ?? safe(known))}`
  for (const condition of step.residual) yield `  ${safe(t.left(condition))}`
  if (step.because !== undefined) yield `  ${safe(step.because)}`
  if (step.refused?.deny !== undefined) yield* linesOfText(step.refused.deny)
}

function* linesOfRequest(request: RequestView, language: Language): Generator<string> {
  const t = edgeWords[language]
  const { principal, action, resource, context, decision } = request
  yield `  ${t.asks(short(principal), safe(action), short(resource))}`
  for (const [key, value] of Object.entries(context))
    yield `      ${t.with(safe(key), safe([value].flat().join(', ')))}`
  for (const place of decision) {
    yield `      ${t.allowedBy(t.place(safe(placeWithin(place))), t.layer[place.layer] ?? place.layer)}`
    yield* linesOfText(place)
  }
}

function* linesOfText({ statement = '' }: StatementPlace): Generator<string> {
  const lines = unindented(statement)
  for (const text of lines.slice(0, most.lines)) if (text.trim() !== '') yield `        ${safe(text)}`
  if (lines.length > most.lines) yield '        …'
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
