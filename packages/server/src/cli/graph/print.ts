import {
  type AnswerView,
  endedEarly,
  type Incomplete,
  type PathView,
  type StatementPlace,
  type StepView,
} from '../../graph/index.ts'
import { print, printError, safe } from '../output.ts'
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
  for (const path of answer.paths) print(`${linesOf(answer, path).slice(0, mostLines).join('\n')}\n\n`)
  if (answer.incomplete !== undefined) print(`There may be more paths: ${early(answer.incomplete)}\n`)
}

function early(incomplete: Incomplete): string {
  return `${endedEarly(incomplete)}. --steps allows more.`
}

function linesOf(
  { from, to, accounts }: AnswerView,
  { verdict, residual, steps, breaks }: PathView,
): readonly string[] {
  const short = shortenerOf(accounts !== undefined)
  const taken = steps.filter(({ technique }) => technique !== 'administrator')
  const count = `${taken.length} ${taken.length === 1 ? 'step' : 'steps'}`
  const lines = [`${short(from)} → ${short(to)}        ${verdict}, ${count}${delayOf(taken)}`]
  for (const [place, step] of taken.entries()) {
    lines.push(
      `  ${place + 1} ${safe(step.label)} (${safe(step.technique)})   ${short(step.from)} → ${short(step.to)}`,
    )
    for (const { by, action, resource, decision } of step.requests)
      lines.push(
        `      ${by === undefined ? '' : `${short(by)}: `}${safe(action)} on ${short(resource)}   ${decision.map(placeText).join(', ')}`,
      )
    if (step.because !== undefined) lines.push(`      ${safe(step.because)}`)
  }
  const end = steps.at(-1)
  if (end?.technique === 'administrator')
    lines.push(
      `    ${short(end.from)} is an administrator${accounts === undefined ? '' : ` of ${safe(accountOf(end.from))}`}`,
    )
  for (const each of residual) lines.push(`  ${residualText(each)}`)
  const last = breaks === undefined ? [] : [`  breaks with: ${safe(breaks)}`]
  if (lines.length + last.length <= mostLines) return [...lines, ...last]
  const kept = mostLines - 1 - last.length
  return [...lines.slice(0, kept), '  … (all of it with --output json)', ...last]
}

function delayOf(steps: readonly StepView[]): string {
  const delays = new Set(steps.map(({ delay }) => delay).filter((delay) => delay !== 'now'))
  return delays.size === 0 ? ', at once' : `, ${[...delays].map(safe).join(', ')}`
}

function placeText({ policy, line, column, account }: StatementPlace): string {
  return `${account === undefined ? '' : `${account} `}${safe(policy)}:${line}:${column}`
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? ''
}
