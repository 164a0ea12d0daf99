import { type Command, Option } from 'commander'
import { systemClock } from '../../base/index.ts'
import { become } from '../become.ts'
import { callServer, runningServer } from '../client.ts'
import { credentialVariables } from '../credential-format.ts'
import { badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { Home, type RunningServer } from '../home.ts'
import { printError } from '../output.ts'
import { checkPod, openPodAgent, podNamed } from '../pod-agent.ts'
import { openRenewing } from '../renewing.ts'
import { noProfiles, run } from '../run.ts'
import { signerOf } from '../signer.ts'
import { describeCut } from '../spoken.ts'
import { type WishOptions, wishOf, withWishOptions } from '../wish-options.ts'

interface ExecOptions extends WishOptions {
  readonly home?: string
  readonly renew?: boolean
  readonly asInstance?: string
  readonly asPod?: string
  readonly region?: string
  readonly service?: string
  readonly role?: string
}

/** `omen exec`: runs a command with a role, assumed by the caller or as a machine assumes it. */
export function addExec(program: Command): void {
  const command = program
    .command('exec')
    .description('run a command with the credentials of a role, as yourself, an instance or a service')
    .usage('[options] [ROLE…] -- command [argument…]')
    .argument('<role-or-command...>', 'the role or a chain of roles, then -- and the command')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('--renew', 'renew credentials while the command runs, by a credentials endpoint')
    .option('--as-instance <id>', 'run as a program on this instance, with its metadata endpoint')
    .option('--as-pod <pod>', 'run as a pod: CLUSTER/NAMESPACE/SERVICEACCOUNT, and /POD')
    .option('--region <region>', 'the region of the cluster; needs --as-pod')
    .option('--service <principal>', 'run as this service, for example ecs-tasks.amazonaws.com; needs --role')
    .option('--role <name-or-arn>', 'the role that the service assumes')
  withWishOptions(command).action(async (words: readonly string[], options: ExecOptions) => {
    const { roles, command } = parted(words, process.argv)
    const server = runningServer(Home.at(options.home))
    if (options.asPod !== undefined) {
      if (roles.length > 0) throw badSyntax('a pod has the role of its association: say none')
      process.exitCode = await runAsPod(server, options.asPod, command, options)
      return
    }
    if (options.asInstance === undefined && options.service === undefined) {
      process.exitCode = await runAsRole(server, roles, command, options)
      return
    }
    if (roles.length > 0) throw badSyntax('say --role ROLE with --service; an instance has its own')
    process.exitCode = await run(command, server, {
      ...noProfiles,
      ...(await carrierVariables(server, options)),
    })
  })
}

/** The parts before and after `--`. */
function parted(words: readonly string[], argv: readonly string[]) {
  const separator = argv.indexOf('--')
  const count = separator < 0 ? 0 : argv.length - separator - 1
  if (count === 0) throw badSyntax('say what to run: omen exec ROLE -- command')
  return { roles: words.slice(0, -count), command: words.slice(-count) }
}

async function runAsRole(
  server: RunningServer,
  roles: readonly string[],
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  if (roles.length === 0)
    throw badSyntax(
      'say who runs it: ROLE, --as-instance ID, --as-pod POD, or --service PRINCIPAL --role ROLE',
    )
  if (options.renew && options.mfa !== undefined)
    throw badSyntax('--renew puts the role on again without you, and an MFA code serves once')
  const wish = await wishOf(roles, options, server)
  const signer = await signerOf(server, process.env)
  const again = () => become(server, signer, wish)
  const session = await again()
  printError(describeCut(session))
  if (!options.renew) return run(command, server, credentialVariables(session))
  const renewing = await openRenewing(session, again, systemClock)
  try {
    return await run(command, server, { ...noProfiles, ...renewing.variables })
  } finally {
    await renewing.close()
  }
}

async function runAsPod(
  server: RunningServer,
  pod: string,
  command: readonly string[],
  { region }: ExecOptions,
): Promise<number> {
  const named = podNamed(pod, region)
  const agent = await openPodAgent(server, named)
  try {
    await checkPod(agent, named)
    const inRegion = region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }
    return await run(command, server, { ...noProfiles, ...inRegion, ...agent.variables })
  } finally {
    await agent.close()
  }
}

/** Exactly what a real SDK needs to find the credentials by itself. */
async function carrierVariables(
  server: RunningServer,
  options: ExecOptions,
): Promise<Readonly<Record<string, string>>> {
  if (options.asInstance !== undefined) {
    const path = `/_omen/instances/${encodeURIComponent(options.asInstance)}/metadata`
    const answer = await callServer(server, 'POST', path, server.keys.root)
    return { AWS_EC2_METADATA_SERVICE_ENDPOINT: textIn(answer, 'endpoint') }
  }
  if (options.service === undefined || options.role === undefined)
    throw badSyntax('say which role the service puts on: --service PRINCIPAL --role ROLE')
  const roleArn = options.role.startsWith('arn:')
    ? options.role
    : `arn:${server.partition ?? 'aws'}:iam::${server.account}:role/${options.role}`
  const carrier = { service: options.service, roleArn, sessionName: options.session ?? 'omen-exec' }
  const answer = await callServer(server, 'POST', '/_omen/wearers', server.keys.root, carrier)
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
