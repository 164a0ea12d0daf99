import {
  type CutAnswerView,
  type CutView,
  type EditCall,
  type EditView,
  endedEarly,
  type FactView,
  shortArn,
} from '../../graph/index.ts'
import type { Reached } from '../asking.ts'
import { callServer, type Keys, sendSigned } from '../client.ts'
import { CommandFailure, exitCodes, ServiceRefusal } from '../failure.ts'

import { print, safe } from '../output.ts'
import { callQuery, type Input, neededText } from '../query.ts'
import type { Signer } from '../signer.ts'
import { factText } from './waiting.ts'

/** The most rows of what a cut takes away that people are shown. */
const mostRows = 8

/** An answer about cuts, with who has a path by derived techniques alone where there is no other. [GRD-569] */
export interface ShownCuts extends CutAnswerView {
  readonly onlyDerived?: readonly string[]
}

/** Prints cuts for people. */
export function printCuts(answer: CutAnswerView): void {
  const { paths, verdict, cuts, isMinimal, lowerBound, problems, from, incomplete } = answer
  const who = from === undefined ? 'everyone' : shortName(from)
  if (paths === 0) {
    const missing = verdict === 'undecided' ? 'undecided: facts are missing' : 'no path'
    const found =
      incomplete === undefined ? missing : `undecided: ${endedEarly(incomplete)}. --steps allows more.`
    print(`${who} → ${shortName(answer.to)}        ${found}\n`)
    printMissing(answer.missing ?? [], '')
    return
  }
  print(`${who} → ${shortName(answer.to)}        ${counted(paths, 'path')}\n`)
  for (const problem of problems) print(`  ${safe(problem)}\n`)
  if (incomplete !== undefined)
    print(
      `  Undecided: ${endedEarly(incomplete)}. There may be more paths, also after a cut, and a cut that costs less. --steps allows more.\n`,
    )
  for (const [place, cut] of cuts.entries()) {
    const proof = place > 0 ? '' : isMinimal ? ', no cut costs less' : `, a cut costs ${lowerBound} at least`
    print(
      `\nCut ${place + 1}: ${counted(cut.edits.length, 'edit')}, cost ${cut.cost}${proof}; afterwards: ${cut.verdictAfter === 'none' ? 'no path' : cut.verdictAfter}\n`,
    )
    for (const edit of cut.edits) print(`  ${safe(edit.text)}${seenOf(edit)}\n`)
    if (cut.verdictAfter === 'undecided') printMissing(cut.missing, '  ')
    printTakenAway(cut)
  }
}

/** The most missing facts that people are shown. */
const mostFacts = 5

function printMissing(facts: readonly FactView[], indent: string): void {
  if (facts.length > 0) print(`${indent}undecided because of what no file says:\n`)
  for (const fact of facts.slice(0, mostFacts)) print(`${indent}  ${factText(fact)}\n`)
  if (facts.length > mostFacts)
    print(`${indent}  … ${facts.length - mostFacts} more (all with --output json)\n`)
}

function seenOf({ seen }: EditView): string {
  if (seen.calls === 0) return ''
  const last = seen.last === undefined ? '' : `, last ${seen.last.slice(0, 10)}`
  return `   (seen used: ${counted(seen.calls, 'call')}${last})`
}

function printTakenAway({ takesAway }: CutView): void {
  if (takesAway.length === 0) {
    print('  no other access is lost\n')
    return
  }
  print('  access that is lost:\n')
  for (const { principal, action, resource } of takesAway.slice(0, mostRows))
    print(`    ${shortName(principal)}: ${safe(action)} on ${shortName(resource)}\n`)
  if (takesAway.length > mostRows)
    print(`    … ${takesAway.length - mostRows} more (all with --output json)\n`)
}

/** Prints the calls of a cut with the documents that they write. */
export function printCalls({ edits }: CutView): void {
  const seen = new Set<string>()
  for (const { calls } of edits)
    for (const call of calls) {
      const name = JSON.stringify(call)
      if (seen.has(name)) continue
      seen.add(name)
      print(`  ${call.operation} ${safe(subjectOf(call.input))}\n`)
      const { PolicyDocument, Content } = call.input
      const text = PolicyDocument ?? Content
      if (typeof text === 'string') print(`    ${safe(text).replaceAll('\n', '\n    ')}\n`)
    }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function shortName(arn: string): string {
  return safe(shortArn(arn))
}

/** The question for cuts, as the API of a running server takes it. */
export interface CutRequest {
  readonly from?: string
  readonly to: string
  readonly keepSeenDays: number
  readonly maxCuts: number
  readonly derived: boolean
  readonly retired: boolean
  readonly maxSteps?: number
  readonly acceptConditional?: boolean
  readonly except?: readonly string[]
}

/** Asks a running server. @throws CommandFailure if it refuses */
export async function askCuts(
  server: Reached['server'],
  { keys }: Signer,
  request: CutRequest,
): Promise<ShownCuts> {
  return (await callServer(server, 'POST', '/_omen/graph/cut', keys, request)) as ShownCuts // the API's own answer
}

/**
 * Makes the calls of a cut, each once. Every one has its event, as from any client. Those in another account are made with
 * the role that Organizations makes in it. @throws CommandFailure if one fails
 */
export async function applyCut(server: Reached['server'], signer: Signer, cut: CutView): Promise<void> {
  const calls = new Map(
    cut.edits.flatMap(({ account, calls }) =>
      calls.map((call) => [JSON.stringify([account, call]), { account, ...call }] as const),
    ),
  )
  const manual = cut.edits.find((edit) => edit.calls.length === 0)
  if (manual !== undefined)
    throw new CommandFailure(
      `no call of Omen makes this edit: ${safe(manual.text)} (--output json has the policy as it must be). Nothing was changed.`,
      exitCodes.other,
    )
  const foreign = [...calls.values()].find(({ service }) => service === 'organizations')
  if (foreign !== undefined)
    throw new CommandFailure(
      'the cut changes an SCP: its calls must be made in the management account (--output json has them)',
      exitCodes.other,
    )
  // Before the first call: a cut is made as a whole or not at all.
  const keys = new Map<string | undefined, Keys>()
  for (const account of new Set([...calls.values()].map((call) => call.account)))
    keys.set(account, await keysFor(server, signer, account))
  for (const { account, service, operation, input } of calls.values()) {
    const own = keys.get(account) ?? signer.keys
    if (service === 'lambda') await removePermission(server, own, input)
    else await callQuery(server, own, 'iam', operation, input as Input) // texts only
    print(`  ${operation} ${safe(subjectOf(input))}${account === undefined ? '' : ` in ${safe(account)}`}\n`)
  }
}

/** Takes a statement out of a function's policy. @throws ServiceRefusal if Lambda refuses */
async function removePermission(
  server: Reached['server'],
  keys: Keys,
  input: EditCall['input'],
): Promise<void> {
  const [, , , region, , , name = ''] = String(input.FunctionName).split(':')
  const path = `/2015-03-31/functions/${name}/policy/${encodeURIComponent(String(input.StatementId))}`
  const response = await sendSigned(server, keys, {
    method: 'DELETE',
    path,
    service: 'lambda',
    ...(region === undefined ? {} : { region }),
  })
  if (response.ok) return
  const code = response.headers.get('x-amzn-errortype') ?? String(response.status)
  const message = `An error occurred (${code}) when calling the RemovePermission operation: ${response.text}`
  throw new ServiceRefusal(code, message)
}

/** The keys with which an account is changed. @throws CommandFailure if the signer does not get any */
async function keysFor(
  server: Reached['server'],
  { keys, me }: Signer,
  account: string | undefined,
): Promise<Keys> {
  if (account === undefined || account === me.account) return keys
  const partition = me.arn.split(':')[1] ?? 'aws'
  const role = `arn:${partition}:iam::${account}:role/${accessRole}`
  try {
    const answer = await callQuery(server, keys, 'sts', 'AssumeRole', {
      RoleArn: role,
      RoleSessionName: 'omen-break',
    })
    const given = (name: string): string => neededText(answer, 'Credentials', name)
    return {
      accessKeyId: given('AccessKeyId'),
      secretAccessKey: given('SecretAccessKey'),
      sessionToken: given('SessionToken'),
    }
  } catch (error) {
    if (!(error instanceof ServiceRefusal)) throw error
    throw new CommandFailure(
      `the cut changes account ${account}, and ${me.arn} may not assume ${role}: run the command again with credentials of account ${account}. Nothing was changed.`,
      exitCodes.serviceError,
    )
  }
}

/** The role that Organizations makes in a member account, if no other name is given. */
const accessRole = 'OrganizationAccountAccessRole'

function subjectOf(input: Readonly<Record<string, unknown>>): string {
  return ['UserName', 'RoleName', 'GroupName', 'PolicyArn', 'PolicyName', 'FunctionName', 'StatementId']
    .flatMap((name) => (typeof input[name] === 'string' ? [input[name]] : []))
    .join(' ')
}
