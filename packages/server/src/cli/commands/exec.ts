import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { type Command, Option } from 'commander'
import { callHouse, runningServer } from '../client.ts'
import { badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { Home, messageOf, type RunningServer } from '../home.ts'

interface ExecOptions {
  readonly home?: string
  readonly asInstance?: string
  readonly service?: string
  readonly role?: string
  readonly session: string
}

/** `omen exec`: runs a command as what wears a role. */
export function addExec(program: Command): void {
  program
    .command('exec')
    .description('run a command with the credentials of what wears a role: an instance, or any service')
    .usage('[options] -- command [argument…]')
    .argument('<command...>', 'what to run')
    .addOption(new Option('--home <folder>', 'which house').env('OMEN_HOME'))
    .option('--as-instance <id>', 'as a program on this instance, with its metadata endpoint')
    .option('--service <principal>', 'as this service, for example ecs-tasks.amazonaws.com; needs --role')
    .option('--role <name-or-arn>', 'the role that the service puts on')
    .option('--session <name>', 'session name of the service’s role session', 'omen-exec')
    .action(async (command: readonly string[], options: ExecOptions) => {
      const server = runningServer(Home.at(options.home))
      const environment = await environmentFor(server, options)
      process.exitCode = await run(command, environment)
    })
}

/** Exactly what a real SDK needs to find the credentials by itself. */
async function environmentFor(
  server: RunningServer,
  options: ExecOptions,
): Promise<Readonly<Record<string, string>>> {
  if (options.asInstance !== undefined) {
    const path = `/_omen/instances/${encodeURIComponent(options.asInstance)}/metadata`
    const answer = await callHouse(server, 'POST', path, server.keys.root)
    return { AWS_EC2_METADATA_SERVICE_ENDPOINT: textIn(answer, 'endpoint') }
  }
  if (options.service === undefined || options.role === undefined) {
    throw badSyntax('say who runs it: --as-instance ID, or --service PRINCIPAL --role ROLE')
  }
  const roleArn = options.role.startsWith('arn:')
    ? options.role
    : `arn:aws:iam::${server.account}:role/${options.role}`
  const wearer = { service: options.service, roleArn, sessionName: options.session }
  const answer = await callHouse(server, 'POST', '/_omen/wearers', server.keys.root, wearer)
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: textIn(answer, 'uri'),
    AWS_CONTAINER_AUTHORIZATION_TOKEN: textIn(answer, 'token'),
  }
}

function textIn(answer: unknown, name: string): string {
  const value =
    typeof answer === 'object' && answer !== null
      ? Object.entries(answer).find(([key]) => key === name)?.[1]
      : undefined
  if (typeof value === 'string') return value
  throw new CommandFailure(`the server did not say its ${name}`, exitCodes.other)
}

/** Variables by which a client would find other credentials first. */
const otherCredentials = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_EC2_METADATA_DISABLED',
]

function run(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const [program = '', ...args] = command
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of otherCredentials) delete env[name]
  // the user's own profiles would be found before the metadata endpoint
  Object.assign(env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }, environment)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', (error) =>
      reject(new CommandFailure(`${program}: ${messageOf(error)}`, exitCodes.other)),
    )
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}
