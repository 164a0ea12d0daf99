import {
  type AnswerView,
  endedEarly,
  heldByText,
  type Incomplete,
  type PathView,
  placeText,
  type RequestView,
  type StatementPlace,
  type StepView,
} from '../../graph/index.ts'
import { carriedIn } from '../../views/index.ts'
import { print, printError, safe } from '../output.ts'
import { readingLine } from './waiting.ts'
import { residualText, shortenerOf } from './words.ts'

/** The most lines of one path. */
const mostLines = 12

/** Prints an answer for people: each path in at most twelve lines. */
export function printAnswer(answer: AnswerView): void {
  for (const problem of answer.problems) printError(`Not read: ${safe(problem)}\n`)
  if (answer.paths.length === 0) {
    const short = shortenerOf(answer.accounts !== undefined)
    const found = answer.incomplete === undefined ? 'no path' : `undecided: ${early(answer.incomplete)}`
    print(`${short(answer.from)} → ${short(answer.to)}        ${found}\n`)
    return
  }
  for (const path of answer.paths) print(`${linesOf(answer, path).join('\n')}\n\n`)
  if (answer.incomplete !== undefined) print(`There may be more paths: ${early(answer.incomplete)}\n`)
}

function early(incomplete: Incomplete): string {
  return `${endedEarly(incomplete)}.${incomplete.maxEntries === undefined ? ' --steps allows more.' : ''}`
}

function linesOf(
  { from, to, accounts, heldBy = [] }: AnswerView,
  { verdict, residual, steps, breaks }: PathView,
): readonly string[] {
  const short = shortenerOf(accounts !== undefined)
  const taken = steps.filter(({ technique }) => technique !== 'administrator')
  const count = `${taken.length} ${taken.length === 1 ? 'step' : 'steps'}`
  const head = `${short(from)} → ${short(to)}        ${verdict}, ${count}${delayOf(taken)}`
  const end = steps.at(-1)
  const last = [
    ...(end?.technique === 'administrator'
      ? [
          `    ${short(end.from)} is an administrator${accounts === undefined ? '' : ` of ${safe(accountOf(end.from))}`}`,
        ]
      : []),
    ...conditionLines(residual),
    ...(breaks === undefined ? [] : [`  breaks with: ${safe(breaks)}`]),
  ]
  const holders = heldBy.length === 0 ? [] : [`    ${short(from)} is held by ${safe(heldByText(heldBy))}`]
  const room = mostLines - 1 - holders.length - last.length
  const bodyOf = (requestsOf: (step: StepView, short: Shorten) => readonly string[]): readonly string[] =>
    taken.flatMap((step, place) => [
      `  ${place + 1} ${safe(step.label)} (${safe(step.technique)})   ${short(step.from)} → ${short(step.to)}`,
      ...requestsOf(step, short),
      ...(step.because === undefined ? [] : [`      ${safe(step.because)}`]),
      ...step.facts.flatMap(readingLine).map((line) => `      ${line}`),
    ])
  const whole = bodyOf(linesOfRequests)
  const body = whole.length <= room ? whole : bodyOf(lineOfRequests)
  const kept = body.length <= room ? body : [...body.slice(0, room - 1), '  … (all of it with --output json)']
  return [head, ...holders, ...kept, ...last]
}

type Shorten = (arn: string) => string

/** Conditions that are shown of one path. */
const mostConditions = 4

function conditionLines(residual: PathView['residual']): readonly string[] {
  const lines = residual.map((each) => `  ${residualText(each)}`)
  if (lines.length <= mostConditions) return lines
  const left = lines.length - mostConditions + 1
  return [...lines.slice(0, mostConditions - 1), `  if ${left} more conditions hold (--output json)`]
}

/** Each request in a line of its own; those that differ in their resource alone are one. */
function linesOfRequests({ requests }: StepView, short: Shorten): readonly string[] {
  const alike = Map.groupBy(requests, (request) =>
    JSON.stringify([request.by, request.action, carriedIn(request), request.decision.map(textOf)]),
  )
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    const { resource, decision } = first
    const carried = carriedIn(first).map(safe)
    const what = `${resourceText(resource, short)}${more}${carried.length === 0 ? '' : ` (${carried.join(', ')})`}`
    return `      ${actionText(first, short)} on ${what}   ${decision.map(textOf).join(', ')}`
  })
}

/** All requests of a step in one line. */
function lineOfRequests({ requests }: StepView, short: Shorten): readonly string[] {
  if (requests.length === 0) return []
  const all = requests.map(
    (request) => `${actionText(request, short)} (${request.decision.map(textOf).join(', ')})`,
  )
  return [`      ${[...new Set(all)].join(', ')}`]
}

function actionText({ by, action }: RequestView, short: Shorten): string {
  return `${by === undefined ? '' : `${short(by)}: `}${safe(action)}`
}

/** The part of an ARN within its account: `function:pay`. */
function resourceText(arn: string, short: Shorten): string {
  if (arn === '*') return arn
  const shortened = short(arn)
  return /^arn:[^:]*:[^:]*:[^:]*:\d*:(.+)$/.exec(shortened)?.[1] ?? shortened
}

function delayOf(steps: readonly StepView[]): string {
  const delays = new Set(steps.map(({ delay }) => delay).filter((delay) => delay !== 'now'))
  return delays.size === 0 ? ', at once' : `, ${[...delays].map(safe).join(', ')}`
}

function textOf(place: StatementPlace): string {
  return `${place.account === undefined ? '' : `${place.account} `}${safe(placeText(place))}`
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? ''
}
