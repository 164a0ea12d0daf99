import assert from 'node:assert/strict'
import type { DecisionRecord } from '../../../packages/server/src/authorization/index.ts'
import {
  type Path,
  type PathsAnswer,
  type Principal,
  StepBudget,
} from '../../../packages/server/src/graph/index.ts'
import { RandomAttacker } from './attacker.ts'
import { account, numbersFrom, type RandomAccount, randomAccount } from './random-account.ts'
import { ReplayServer } from './replay-house.ts'
import { Refused, type Surrounding, surroundingOf, Unwalkable, Walk } from './walk.ts'
import { wideAccount } from './wide-account.ts'

/** What was walked so far. */
export const count = { proven: 0, conditional: 0, without: 0, blocked: 0, notWalked: 0, spent: 0, calls: 0 }
/** How often each technique was walked. */
export const used = new Map<string, number>()
/** Why paths are not walked. */
export const unwalked = new Map<string, number>()

/** The most steps of a question. What is found in them is walked. */
const maxSteps = 30_000
/** The most steps of a question about what an attacker could come to: what is not found in them is not known. */
const attackSteps = 300_000

/** The first worlds with more of IAM's language. */
const firstWide = 1_001

function accountOf(seed: number): RandomAccount {
  return seed < firstWide ? randomAccount(seed) : wideAccount(seed)
}

/** How many paths of one answer are walked, and how many principals of a world they begin with. */
export interface Extent {
  readonly paths: number
  readonly starts: number
}

/** Walks paths of a random account. Says what is wrong. */
export async function failuresOf(seed: number, most: Extent): Promise<readonly string[]> {
  const failures: string[] = []
  await using server = await ReplayServer.open(accountOf(seed))
  const graph = await server.graph()
  const principals = [...graph.world.users.values(), ...graph.world.roles.values()].filter(
    ({ arn }) => arn.includes(account) && !arn.includes('/aws-'),
  )
  const starts = [principals[seed % server.made.users.length]!, principals.at(-1 - (seed % 2))!]
  for (const from of seed % 3 === 0 ? starts.slice(-most.starts) : starts.slice(0, most.starts)) {
    for (const to of [undefined, ...principals]) {
      if (to?.arn === from.arn) continue
      const answer = graph.paths(from, to, { budget: new StepBudget(maxSteps) })
      if (answer.incomplete !== undefined) count.spent++
      for (const path of answer.paths.slice(0, most.paths)) {
        const wrong = await walk(server, from, answer, path)
        if (wrong === undefined) continue
        failures.push(`world ${seed}, ${from.arn} → ${answer.to}: ${wrong}\n${stepsOf(path)}`)
      }
    }
  }
  return failures
}

/** Has an attacker make random calls in a random account. Says what it comes to that the graph does not know. */
export async function intrusionsOf(
  seed: number,
  calls: number,
): Promise<{ readonly failures: readonly string[]; readonly reached: number }> {
  const failures: string[] = []
  let reached = 0
  await using server = await ReplayServer.open(accountOf(seed))
  const before = await server.graph()
  const from = before.find(`user/${server.made.users[seed % server.made.users.length]}`)!
  const attacker = new RandomAttacker(server, from.arn, numbersFrom(seed + 7))
  await attacker.run(calls)
  const after = await server.graph()
  const knows = (to?: Principal): boolean =>
    isKnown(before.paths(from, to, { budget: new StepBudget(attackSteps) }))
  const isCrowned = knows()
  for (const arn of attacker.reached) {
    const principal = after.find(arn)
    const isNow = principal && after.paths(principal, undefined, { most: 1 }).paths.some(isPlain)
    if (isNow === true && !isCrowned)
      failures.push(`world ${seed}: ${from.arn} is an administrator as ${arn}`)
    if (arn === from.arn || arn.endsWith('/mallory')) continue
    reached++
    // what an administrator could become is not listed
    if (!isCrowned && !knows(before.find(arn)!)) failures.push(`world ${seed}: ${from.arn} comes to ${arn}`)
  }
  return { failures, reached }
}

type Residual = Path['steps'][number]['residual'][number]

/** Walks a path in the way that its verdict asks for. Says what is wrong, if something is. */
async function walk(
  server: ReplayServer,
  from: Principal,
  answer: PathsAnswer,
  path: Path,
): Promise<string | undefined> {
  try {
    return await walkPath(server, from, answer, path)
  } catch (error) {
    if (!(error instanceof Unwalkable)) throw error
    return note(error)
  }
}

/** @throws Unwalkable if this test does not make one of the calls */
async function walkPath(
  server: ReplayServer,
  from: Principal,
  { to }: PathsAnswer,
  path: Path,
): Promise<string | undefined> {
  for (const { technique } of path.steps) used.set(technique, (used.get(technique) ?? 0) + 1)
  const left = (steps: readonly Pick<Path['steps'][number], 'residual'>[]) =>
    new Set(steps.flatMap(({ residual }) => residual.map(({ key }) => surroundingOf(key))))
  switch (path.verdict) {
    case 'proven': {
      count.proven++
      const wrong = await attempt(server, from, path, to, [])
      return wrong && `proven, but ${wrong}`
    }
    case 'conditional': {
      count.conditional++
      const kinds = left(path.steps)
      const wrong = await attempt(server, from, path, to, kinds)
      if (wrong !== undefined) return `conditional, but ${wrong}`
      // what only an administrator of all needs is not met by one call
      const needed = path.steps
        .filter(({ technique }) => technique !== 'administrator')
        .map(({ residual }) => ({ residual: residual.filter((each) => !mayBeSpared(each, kinds)) }))
      for (const kind of left(needed)) {
        count.without++
        const met = [...kinds].filter((each) => each !== kind)
        if ((await attempt(server, from, path, to, met)) === undefined)
          return `conditional, but works without ${kind}`
      }
      return undefined
    }
    case 'blocked':
      return refusal(server, from, path)
    default: {
      // Whether the account can leave its organization depends on what no account says.
      const isAboutLeaving = path.steps.every(
        ({ technique, verdict }) => verdict !== 'undecided' || technique === 'lift.scp',
      )
      count.notWalked++
      return isAboutLeaving ? undefined : 'undecided'
    }
  }
}

/** Whether a Deny that a condition keeps away may be kept away by another of its conditions, which the walk meets. */
function mayBeSpared({ mustHold, by, key }: Residual, met: ReadonlySet<Surrounding>): boolean {
  return !mustHold && by.statement.condition.some((other) => other.key !== key && isMet(other.key, met))
}

function isMet(key: string, met: ReadonlySet<Surrounding>): boolean {
  try {
    return met.has(surroundingOf(key))
  } catch (error) {
    if (!(error instanceof Unwalkable)) throw error
    return false
  }
}

/** Walks a path from the beginning. Says why it fails, or nothing. @throws Unwalkable */
async function attempt(
  server: ReplayServer,
  from: Principal,
  path: Path,
  to: string,
  met: Iterable<Surrounding>,
): Promise<string | undefined> {
  await server.restore()
  const walked = new Walk(server, from.arn, met)
  try {
    await walked.path(path, to)
    return undefined
  } catch (error) {
    if (error instanceof Refused || error instanceof assert.AssertionError) return error.message
    throw error
  } finally {
    count.calls += walked.calls
  }
}

/** Makes the call that a step is stopped at: it fails, and by what the path names. */
async function refusal(server: ReplayServer, from: Principal, { steps }: Path): Promise<string | undefined> {
  const step = steps.at(-1)
  if (step?.proof?.verdict !== 'blocked' || 'fact' in step.proof.because) return undefined
  const { because } = step.proof
  const { action, resource } = because.request
  // Asked after the attacker's own trust policy is written, or on what does not exist: no single call shows it.
  if (action === 'sts:AssumeRole' && step.technique !== 'trust.assume-role') return undefined
  if (/^iam:(?!Create(?:User|Role)$)/.test(action) && /new/.test(step.technique)) return undefined
  if (/^sts:(?:TagSession|SetSourceIdentity)$/.test(action)) return undefined
  await server.restore()
  const walked = new Walk(server, from.arn, [])
  for (const [place, each] of steps.slice(0, -1).entries()) {
    if (each.verdict !== 'proven') return undefined
    await walked.step(each, steps.slice(place + 1))
  }
  count.blocked++
  try {
    await walked.only(step, because.request)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const record = await server.decision(error.answered)
    return record === undefined
      ? `blocked, but ${error.message}`
      : differenceOf(record, because, `${action} on ${resource}`)
  } finally {
    count.calls += walked.calls
  }
  return `blocked, but ${action} on ${resource} works`
}

/** Counts a path that is not walked. */
function note({ message }: Unwalkable): undefined {
  count.notWalked++
  unwalked.set(message, (unwalked.get(message) ?? 0) + 1)
}

type Because = Exclude<
  Extract<NonNullable<Path['steps'][number]['proof']>, { verdict: 'blocked' }>['because'],
  { fact: string }
>

/** Whether there is a path that nothing blocks. */
function isKnown({ verdict }: PathsAnswer): boolean {
  return verdict !== 'none' && verdict !== 'blocked'
}

/** Whether the principal is an administrator without a step. */
function isPlain({ verdict, steps }: Path): boolean {
  return verdict === 'proven' && steps.length === 1 && steps[0]?.technique === 'administrator'
}

/** What the server and the graph say differently of a denial. */
function differenceOf(
  { judged }: DecisionRecord,
  { layer, level, deny }: Because,
  what: string,
): string | undefined {
  const denied = judged.find(({ decision }) => decision.outcome !== 'allowed')?.decision
  // A new principal has no name that exists: the name stops the call, and not a policy.
  if (denied === undefined && deny?.source.name === 'a name that exists') return undefined
  if (denied === undefined || denied.outcome === 'allowed') return `${what} is not denied`
  const said = deny === undefined ? `no ${layer} (${level})` : `${layer} ${placeOf(deny)}`
  const is =
    denied.outcome === 'explicitDeny'
      ? denied.by.map((by) => `${denied.layer} ${placeOf(by)}`)
      : [`no ${denied.layer} (${denied.level})`]
  return is.includes(said) ? undefined : `${what} is denied by ${is.join(', ')}, not by ${said}`
}

function placeOf({ layer, source, statement }: NonNullable<Because['deny']>): string {
  // a world has one SCP and one RCP, which only the server knows by their ARNs; a trust policy has no name in the server
  if (layer === 'scp' || layer === 'rcp' || layer === 'resource') return `statement ${statement.index}`
  return `${source.inline?.name ?? source.arn ?? source.name} statement ${statement.index}`
}

function stepsOf({ steps }: Path): string {
  return steps
    .map(
      ({ technique, from, form, result, verdict }) =>
        `    ${verdict} ${technique} by ${from} (${form}): ${result}`,
    )
    .join('\n')
}
