import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import type { FunctionsRun } from '../authorization/index.ts'
import { systemClock } from '../base/index.ts'
import { allowedSkew } from '../wire/sigv4/index.ts'
import { callServer } from './client.ts'
import { spokenDuration } from './duration.ts'
import { callerNamed } from './environment-keys.ts'
import { askHealth, complaintsIn, type Health } from './health.ts'
import { type Home, messageOf, type RunningServer } from './home.ts'
import { endpointsIn, whatLeaves } from './leaving.ts'
import { typed } from './own-command.ts'
import { signerNamed } from './signer.ts'
import { spokenAhead } from './test-clock.ts'

/** A check and its result: right, doubtful, or wrong. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'wrong'
  readonly says: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Checks everything between a client and the server; one failure hides no other. */
export async function examine(home: Home, environment: Environment): Promise<readonly Check[]> {
  const [aws, server] = await Promise.all([awsCliCheck(environment), serverChecks(home, environment)])
  return [...server, aws]
}

async function serverChecks(home: Home, environment: Environment): Promise<readonly Check[]> {
  let server: RunningServer | undefined
  try {
    server = home.readServer()
    if (server === undefined && home.readCredentials() === undefined)
      return [wrong('home', `${home.folder} has no server yet: ${typed('start', home)}`)]
  } catch (error) {
    return [wrong('home', messageOf(error))]
  }
  const readable = homeCheck(home.folder)
  if (server === undefined)
    return [readable, wrong('server', `none runs on this home: ${typed('start', home)}`)]
  const health = await healthOf(server)
  if (typeof health === 'string') return [readable, wrong('server', health)]
  return [
    readable,
    ok('server', `omen ${health.version} at ${server.url}`),
    modeCheck(health),
    skewCheck(health),
    ...complaintsIn(health).map(({ about, text }) => warning(about, text)),
    ...(await guardChecks(server, health)),
    await functionsCheck(server),
    ...endpointChecks(home, server, environment),
    await credentialsCheck(server, environment),
  ]
}

/** Returns whether and how Lambda functions run. */
async function functionsCheck(server: RunningServer): Promise<Check> {
  try {
    const runs = (await callServer(server, 'GET', '/_omen/functions', server.keys.admin)) as FunctionsRun // the route's own form
    switch (runs.how) {
      case 'unconfined':
        return warning(
          'functions',
          'unconfined: anyone who may create a Lambda function can do what the server can do',
        )
      case 'not run':
        return warning('functions', `kept and not run: ${runs.because}`)
      default:
        return ok('functions', `fenced by ${runs.how}${runs.controlGroups ? ' and control groups' : ''}`)
    }
  } catch (error) {
    return warning('functions', `how they run is not known (${messageOf(error)})`)
  }
}

/** Returns whether the guard's upstream answers, and which calls could not be decided. */
async function guardChecks(server: RunningServer, { undecidable }: Health): Promise<readonly Check[]> {
  if (undecidable === undefined) return []
  return [...(await upstreamChecks(server)), ...(await undecidableChecks(server, undecidable))]
}

/** Returns whether the upstream's IAM is like Omen's, and what it refused. */
function sharedChecks({ shared }: UpstreamAnswer): readonly Check[] {
  if (shared === undefined) return [ok('upstream IAM', 'apart: nothing is made there (--no-shared-iam)')]
  if (shared.iam === 'none') return [ok('upstream IAM', 'the upstream keeps none')]
  if (shared.iam === 'unknown') return [warning('upstream IAM', 'it was not reached yet')]
  const { otherAccount, existed, refused, waiting, leftOut } = shared
  const checks = refused.map(({ what, because }) =>
    warning('upstream IAM', `the upstream refused ${what}: ${because}`),
  )
  if (otherAccount !== undefined)
    checks.push(
      warning('upstream IAM', `its account is ${otherAccount}: ARNs differ (--account ${otherAccount})`),
    )
  if (waiting > 0) checks.push(warning('upstream IAM', `${waiting} resources are not there yet`))
  if (checks.length > 0) return checks
  const overwritten = existed.length === 0 ? '' : `; ${existed.length} existed there and were changed`
  const without =
    leftOut === 0 ? '' : `; ${leftOut} attachments of AWS policies that it does not have are left out`
  return [ok('upstream IAM', `has what Omen has${overwritten}${without}`)]
}

async function upstreamChecks(server: RunningServer): Promise<readonly Check[]> {
  try {
    const asked = await callServer(server, 'GET', '/_omen/upstream', server.keys.admin)
    const answer = asked as UpstreamAnswer // the route's own form
    const { url, silentBecause, testClock, unchecked } = answer
    const answers =
      silentBecause === undefined
        ? ok('upstream', `${url} answers`)
        : wrong('upstream', `${url} does not answer: ${silentBecause}`)
    const clocks = testClock
      ? [warning('upstream', 'it has a test clock: what it keeps may end at another time than here')]
      : []
    const acting = unchecked.map((service) =>
      warning('guard', `${service} acts on other services with permissions that are not asked for`),
    )
    const stacks = (answer.notAdopted ?? []).map(({ stack, what, because }) =>
      warning('stacks', `${what} of stack ${stack} was not taken over: ${because}`),
    )
    return [answers, ...clocks, ...sharedChecks(answer), ...stacks, ...acting]
  } catch (error) {
    return [warning('upstream', `whether it answers is not known (${messageOf(error)})`)]
  }
}

interface UpstreamAnswer {
  readonly url: string
  readonly unchecked: readonly string[]
  readonly silentBecause?: string
  readonly testClock?: true
  readonly notAdopted?: readonly { readonly stack: string; readonly what: string; readonly because: string }[]
  readonly shared?: {
    readonly iam: 'shared' | 'none' | 'unknown'
    readonly waiting: number
    readonly refused: readonly { readonly what: string; readonly because: string }[]
    readonly existed: readonly string[]
    readonly leftOut: number
    readonly otherAccount?: string
  }
}

/** A line for each operation that came to the guard and could not be decided on. */
async function undecidableChecks(server: RunningServer, undecidable: number): Promise<readonly Check[]> {
  if (undecidable === 0) return [ok('guard', 'every call could be decided on')]
  try {
    const { operations } = (await callServer(
      server,
      'GET',
      '/_omen/undecidable',
      server.keys.admin,
    )) as UndecidableAnswer // the route's own form
    return operations.map(({ service, operation, times, because }) =>
      warning('guard', `${service} ${operation} could not be decided on ${timesOf(times)}: ${because}`),
    )
  } catch (error) {
    return [warning('guard', `${undecidable} operations could not be decided on (${messageOf(error)})`)]
  }
}

interface UndecidableAnswer {
  readonly operations: readonly {
    readonly service: string
    readonly operation: string
    readonly times: number
    readonly because: string
  }[]
}

function timesOf(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}

function modeCheck({ mode }: Health): Check {
  if (mode === 'enforce') return ok('mode', 'enforce')
  return warning('mode', mode === 'audit' ? 'audit: denials are let through' : `${mode}: nothing is enforced`)
}

function skewCheck({ time, clockAhead }: Health): Check {
  const apartBy = Date.parse(time) - (clockAhead ?? 0) - systemClock.now()
  const seconds = Math.round(apartBy / 1000)
  const apart = `the server's clock is ${spokenDuration(Math.abs(seconds))} ${seconds < 0 ? 'behind' : 'ahead'}`
  if (Math.abs(apartBy) >= allowedSkew) return wrong('clock', `${apart}: signatures are refused`)
  if (Math.abs(seconds) > 5) return warning('clock', apart)
  return clockAhead === undefined ? ok('clock', 'agrees') : warning('clock', spokenAhead(clockAhead))
}

/** Checks for settings that send clients somewhere else, or nowhere in particular. */
function endpointChecks(home: Home, server: RunningServer, environment: Environment): readonly Check[] {
  const names = endpointsIn(environment).map(([name]) => name)
  const checks = whatLeaves(server.url, environment).map((says) => warning('endpoint', says))
  if (names.length === 0 && !environment.AWS_PROFILE && !environment.AWS_DEFAULT_PROFILE)
    checks.push(warning('endpoint', `none in the environment: eval "$(${typed('env', home)})"`))
  return checks.length > 0 ? checks : [ok('endpoint', names.join(', ') || 'those of the profile')]
}

async function credentialsCheck(server: RunningServer, environment: Environment): Promise<Check> {
  try {
    const named = callerNamed(environment)
    if (named === undefined) return noCredentials(environment)
    const signer = await signerNamed(server, named)
    if (signer === undefined)
      return warning('credentials', `${named.keys.accessKeyId} is not a key of this server`)
    return ok('credentials', signer.me.arn)
  } catch (error) {
    return wrong('credentials', messageOf(error))
  }
}

/** Without credentials, clients ask the machine's own metadata service for some. */
function noCredentials(environment: Environment): Check {
  const isAnswered =
    environment.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true' ||
    environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ||
    environment.AWS_CONTAINER_CREDENTIALS_FULL_URI ||
    environment.AWS_WEB_IDENTITY_TOKEN_FILE
  return isAnswered
    ? ok('credentials', 'none in the environment')
    : warning('credentials', 'none in the environment: clients take those of ~/.aws, or ask 169.254.169.254')
}

function awsCliCheck(environment: Environment): Promise<Check> {
  return new Promise((resolve) => {
    // only PATH, so that no profile of the user interferes
    execFile('aws', ['--version'], { env: { PATH: environment.PATH }, timeout: 20_000 }, (error, stdout) => {
      resolve(error === null ? awsCliOf(stdout) : noAwsCli)
    })
  })
}

const noAwsCli = warning('AWS CLI', 'not found in PATH')

/** Returns the warning about an AWS CLI, by its version text (behaviour SHL-72). */
export function awsCliOf(stdout: string): Check {
  const [said = '', major, minor] = /^aws-cli\/(\d+)\.(\d+)\S*/.exec(stdout) ?? []
  if (major === undefined) return noAwsCli
  if (Number(minor) < (major === '1' ? 29 : 13) && Number(major) < 3)
    return warning('AWS CLI', `${said} does not know AWS_ENDPOINT_URL`)
  return major === '1'
    ? warning(
        'AWS CLI',
        `${said} sends sqs, emr, rds, docdb, neptune and health to AWS whatever AWS_ENDPOINT_URL says: give --endpoint-url, or use version 2`,
      )
    : ok('AWS CLI', said)
}

async function healthOf(server: RunningServer): Promise<Health | string> {
  try {
    return await askHealth(server)
  } catch (error) {
    return messageOf(error)
  }
}

function ok(name: string, says: string): Check {
  return { name, state: 'ok', says }
}

function warning(name: string, says: string): Check {
  return { name, state: 'warning', says }
}

function wrong(name: string, says: string): Check {
  return { name, state: 'wrong', says }
}

/** Keys are in the home: only its owner may read it. Windows keeps permissions elsewhere. */
function homeCheck(folder: string): Check {
  const open = process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0
  return open
    ? warning('home', `${folder} is open to others, and keys are in it: chmod 700`)
    : ok('home', folder)
}
