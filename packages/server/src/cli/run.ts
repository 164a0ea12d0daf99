import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { endpointVariables, servedEndpoints } from '../base/index.ts'
import { CommandFailure, exitCodes } from './failure.ts'
import { defaultRegion, messageOf, type RunningServer } from './home.ts'

/** Variables by which a client would find other credentials first, or another server with these. */
const others = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  ...servedEndpoints.map((name) => `AWS_ENDPOINT_URL_${name}`),
]

/** The user's own profiles, which clients would find before a credentials endpoint. */
export const noProfiles = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }

/**
 * Runs a command to its end, with these credentials and no others; it calls this server, where alone they are valid,
 * whatever endpoint the environment names (behaviour SHL-71). Returns its exit code: 128 and the signal's number if a signal ended it. @throws CommandFailure if
 * it cannot be started
 */
export function run(
  command: readonly string[],
  server: RunningServer,
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const [program = '', ...args] = command
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of others) delete env[name]
  if (env.AWS_REGION === undefined && env.AWS_DEFAULT_REGION === undefined)
    env.AWS_REGION = env.AWS_DEFAULT_REGION = defaultRegion(server) // botocore reads only the second
  Object.assign(env, endpointVariables(server.url), variables)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandFailure(`${program}: ${notStarted(error)}`, codeOf(error))),
    )
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

/** The exit codes of shells for commands that cannot be run. */
function codeOf({ code }: NodeJS.ErrnoException): number {
  if (code === 'ENOENT') return exitCodes.notFound
  return code === 'EACCES' ? exitCodes.notExecutable : exitCodes.other
}

function notStarted(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such command'
  return error.code === 'EACCES' ? 'it may not be run' : messageOf(error)
}
