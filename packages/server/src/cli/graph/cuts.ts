import type { CutAnswerView, CutView, EditView } from '../../graph/index.ts'
import { callHouse } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import { print, safe } from '../output.ts'
import { callQuery, type Input } from '../query.ts'
import type { Signer } from '../signer.ts'

/** The most rows of what a cut takes away that people are shown. */
const mostRows = 8

/** Prints cuts for people. */
export function printCuts(answer: CutAnswerView): void {
  const { paths, cuts, isMinimal, lowerBound, problems, from } = answer
  const who = from === undefined ? 'everyone' : shortName(from)
  if (paths === 0) {
    print(`${who} → ${shortName(answer.to)}        no path\n`)
    return
  }
  print(`${who} → ${shortName(answer.to)}        ${counted(paths, 'path')}\n`)
  for (const problem of problems) print(`  ${safe(problem)}\n`)
  for (const [place, cut] of cuts.entries()) {
    const proof = place > 0 ? '' : isMinimal ? ', no cut costs less' : `, a cut costs ${lowerBound} at least`
    print(
      `\nCut ${place + 1}: ${counted(cut.edits.length, 'edit')}, cost ${cut.cost}${proof}; then: ${cut.verdictAfter}\n`,
    )
    for (const edit of cut.edits) print(`  ${safe(edit.text)}${seenOf(edit)}\n`)
    printTakenAway(cut)
  }
}

function seenOf({ seen }: EditView): string {
  if (seen.calls === 0) return ''
  const last = seen.last === undefined ? '' : `, last ${seen.last.slice(0, 10)}`
  return `   (seen used: ${counted(seen.calls, 'call')}${last})`
}

function printTakenAway({ takesAway }: CutView): void {
  if (takesAway.length === 0) {
    print('  takes nothing else away\n')
    return
  }
  print('  takes away:\n')
  for (const { principal, action, resource } of takesAway.slice(0, mostRows))
    print(`    ${shortName(principal)}: ${safe(action)} on ${shortName(resource)}\n`)
  if (takesAway.length > mostRows)
    print(`    … ${takesAway.length - mostRows} more (all with --output json)\n`)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function shortName(arn: string): string {
  return safe(/^arn:[^:]*:iam::\d*:(.+)$/.exec(arn)?.[1] ?? arn)
}

/** The question for cuts, as the API of a running house takes it. */
export interface CutRequest {
  readonly from?: string
  readonly to: string
  readonly keepSeenDays: number
  readonly maxCuts: number
  readonly derived: boolean
  readonly retired: boolean
}

/** Asks a running house. @throws CommandFailure if it refuses */
export async function askCuts(
  server: RunningServer,
  { keys }: Signer,
  request: CutRequest,
): Promise<CutAnswerView> {
  return (await callHouse(server, 'POST', '/_omen/graph/cut', keys, request)) as CutAnswerView // the API's own answer
}

/** Makes the calls of a cut, each once. Every one has its event, as from any client. @throws CommandFailure if one fails */
export async function applyCut(server: RunningServer, { keys }: Signer, cut: CutView): Promise<void> {
  const calls = new Map(cut.edits.flatMap((edit) => edit.calls).map((call) => [JSON.stringify(call), call]))
  const foreign = [...calls.values()].find(({ service }) => service !== 'iam')
  if (foreign !== undefined)
    throw new CommandFailure(
      'the cut changes an SCP: its calls must be made in the management account (--output json has them)',
      exitCodes.other,
    )
  for (const { operation, input } of calls.values()) {
    await callQuery(server, keys, 'iam', operation, input as Input) // texts only
    print(`  ${operation} ${safe(subjectOf(input))}\n`)
  }
}

function subjectOf(input: Readonly<Record<string, unknown>>): string {
  return ['UserName', 'RoleName', 'GroupName', 'PolicyArn', 'PolicyName']
    .flatMap((name) => (typeof input[name] === 'string' ? [input[name]] : []))
    .join(' ')
}
