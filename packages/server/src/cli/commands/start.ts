import { type Command, Option } from 'commander'
import { ownHeap, partitions, quickHeap } from '../../base/index.ts'
import { badSyntax } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import { addNodeOptions, nodeTermsOf, parsePort } from '../node-options.ts'
import { placeOf, storeOption } from '../place.ts'
import type { ServingTerms } from '../serving.ts'
import {
  defaultAccount,
  parseDays,
  parseFixedKeys,
  parseMode,
  parsePartitionOption,
  parseRetention,
  type StartOptions,
} from '../start-values.ts'
import { addTlsOptions } from '../tls-terms.ts'
import { addUpstreamOptions, tuneForBodies, upstreamOf } from '../upstream.ts'
import type { Worker } from '../workers.ts'

/** `omen start`: opens the server and serves until it is stopped. */
export function addStart(program: Command): void {
  const command = program
    .command('start')
    .description('start a server of IAM, STS and the services that take roles')
  serve(addUpstreamOptions(addServingOptions(command)))
}

/** Lets a command with a server's options serve, until it is stopped or as long as another command runs. */
export function serve(
  command: Command,
  /** Runs another process in place of the server; false if this one serves. */
  instead: (options: StartOptions) => Promise<boolean> = async () => false,
): void {
  command
    .argument('[command...]', 'with --exec: what to run, after --')
    .optionsGroup('Options:')
    .option('--exec', 'start a server for one command, and end with its exit code: --exec -- npm test')
    .action(async (args: readonly string[], options: StartOptions & { readonly exec?: boolean }) => {
      if (await instead(options)) return
      if (options.exec !== true) {
        if (args.length > 0) throw badSyntax(`what is ${args[0]}? A command to run goes after --exec --`)
        return options.workers === undefined
          ? start(options)
          : (await import('../workers.ts')).startWorkers(options, start)
      }
      if (options.workers !== undefined) throw badSyntax('--exec starts one process: leave --workers out')
      if (args.length === 0) throw badSyntax('say what to run: --exec -- COMMAND')
      // the environment variables are meant for a long-running server
      const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
      const { home, ...others } = options
      const portOptions = isGiven('port') ? others : { ...others, port: '0' }
      return startFor(args, home !== undefined && isGiven('home') ? { ...portOptions, home } : portOptions)
    })
}

/** Serves as long as the command runs. Nothing of the server remains unless a home is named. */
async function startFor(command: readonly string[], options: StartOptions): Promise<void> {
  const { runAgainst, temporaryHome } = await import('../against.ts')
  const temporary = options.home === undefined ? temporaryHome() : undefined
  const home = options.home ?? temporary?.folder ?? ''
  try {
    await start(temporary === undefined ? options : { ...options, home, memory: true }, async (server) => {
      process.exitCode = await runAgainst(command, server, home)
    })
  } finally {
    temporary?.remove()
  }
}

/** Adds the options of a server. */
export function addServingOptions(command: Command): Command {
  command
    .optionsGroup('Address:')
    .addOption(new Option('--host <address>', 'address to listen on').env('OMEN_HOST').default('127.0.0.1'))
    .addOption(new Option('--port <number>', 'port to listen on').env('OMEN_PORT').default('6636'))
    .optionsGroup('State:')
    .addOption(
      new Option('--home <folder>', 'the folder of database, keys and credentials (default: ~/.omen)').env(
        'OMEN_HOME',
      ),
    )
    .option('--memory', 'keep everything in memory only')
    .addOption(storeOption())
    .addOption(
      new Option('--account <number>', `the first account (default: ${defaultAccount})`).env(
        'OMEN_ACCOUNT_ID',
      ),
    )
    .addOption(
      new Option(
        '--partition <name>',
        `the partition of all ARNs: ${partitions.join(', ')} (default: aws)`,
      ).env('OMEN_PARTITION'),
    )
    .option(
      '--key <id:secret>',
      'an access key of admin for programs with fixed ones, such as test:test; it can be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .addOption(
      new Option(
        '--seed <path>',
        'users, roles and policies for the first start: a JSON or YAML file, or a folder of them',
      ).env('OMEN_SEED'),
    )
    .option(
      '--quotas <file>',
      'a JSON file of quotas that differ from AWS’s, such as {"RolesPerAccount": 5000}',
    )
    .optionsGroup('Decisions:')
    .addOption(new Option('--mode <mode>', 'enforce, audit or off').env('OMEN_MODE').default('enforce'))
    .addOption(
      new Option(
        '--refuse-new-admin-paths',
        'refuse changes that open a path to an administrator (omen paths), except from root',
      ).env('OMEN_REFUSE_NEW_ADMIN_PATHS'),
    )
    .option(
      '--test-clock',
      'let the owner move the clock (omen clock), to see what ends when; on SQLite only',
    )
    .option('--no-authorization-ids', 'end IAM’s denials without the authorization id that AWS’s have')
    .optionsGroup('Lambda functions:')
    .addOption(
      new Option(
        '--run-functions <how>',
        'how functions run: fenced by the operating system, or unconfined, with the rights of this process',
      )
        .choices(['fenced', 'unconfined'])
        .env('OMEN_RUN_FUNCTIONS')
        .default('fenced'),
    )
    .optionsGroup('Events and trails:')
    .addOption(
      new Option('--retention-days <number>', 'how long events are kept')
        .env('OMEN_RETENTION_DAYS')
        .default('90'),
    )
    .addOption(
      new Option(
        '--retention-size <size>',
        'the space that events may take, for example 500MB; the oldest are deleted first (default: no limit)',
      ).env('OMEN_RETENTION_SIZE'),
    )
    .addOption(
      new Option(
        '--trail-folder <folder>',
        'a folder in place of S3: trails deliver to a subfolder for each bucket',
      ).env('OMEN_TRAIL_FOLDER'),
    )
    .addOption(
      new Option(
        '--trail-endpoint <url>',
        'an S3 endpoint that trails deliver to; needs OMEN_TRAIL_ACCESS_KEY_ID and OMEN_TRAIL_SECRET_ACCESS_KEY',
      )
        .env('OMEN_TRAIL_ENDPOINT')
        .conflicts('trailFolder'),
    )
    .addOption(
      new Option(
        '--lake <place>',
        'write the events of all accounts as files to s3://bucket/prefix, at --trail-endpoint or --trail-folder',
      ).env('OMEN_LAKE'),
    )
  return addNodeOptions(addTlsOptions(command))
}

/**
 * Opens the server and serves until it is stopped, or until `work` ends. A worker leaves the note and the banner to the
 * process that started it.
 */
export async function start(
  options: StartOptions,
  work?: (server: RunningServer) => Promise<void>,
  worker?: Worker,
): Promise<void> {
  const terms = await termsOf(options, work === undefined ? 1 : 2) // standard output is the command's
  if (terms.upstream !== undefined) tuneForBodies()
  else ownHeap(quickHeap)
  const place = await placeOf(options, worker !== undefined)
  // its thread begins first, and opens the store while this one loads the rest of the code
  const opening = place.open()
  const [{ serveStore }, store] = await Promise.all([import('../serving.ts'), opening])
  await serveStore({ store, place, terms, options, work, worker })
}

/** Reads the options before anything is opened. @throws CommandFailure if one of them is wrong */
async function termsOf(options: StartOptions, fd: 1 | 2): Promise<ServingTerms> {
  const mode = parseMode(options.mode)
  const node = nodeTermsOf(options, fd)
  const port = parsePort('--port', options.port)
  const partition = parsePartitionOption(options.partition)
  const quotas =
    options.quotas === undefined ? undefined : (await import('../quotas.ts')).readQuotas(options.quotas)
  const fixedKeys = parseFixedKeys(options.key ?? [])
  const seeds =
    options.seed === undefined
      ? undefined
      : (await import('../seeds.ts')).readSeeds(options.seed, {
          account: options.account ?? defaultAccount,
          ...(partition === undefined ? {} : { partition }),
        })
  const retentionDays = parseDays(options.retentionDays)
  const retentionBytes = parseRetention(options.retentionSize)
  const { trailTarget, lake } = await targetsOf(options)
  const upstream = upstreamOf(options)
  return {
    mode,
    node,
    port,
    fixedKeys,
    retentionDays,
    ...(partition === undefined ? {} : { partition }),
    ...(quotas === undefined ? {} : { quotas }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(retentionBytes === undefined ? {} : { retentionBytes }),
    ...(trailTarget === undefined ? {} : { trailTarget }),
    ...(lake === undefined ? {} : { lake }),
    ...(upstream === undefined ? {} : { upstream }),
  }
}

/** Returns the targets of trails and of the lake, whose code is loaded only if there is one. */
async function targetsOf(options: StartOptions): Promise<Pick<ServingTerms, 'trailTarget' | 'lake'>> {
  const { trailFolder, trailEndpoint, lake } = options
  if (trailFolder === undefined && trailEndpoint === undefined && lake === undefined) return {}
  const { lakeOf, trailTargetOf } = await import('../trail-target.ts')
  const trailTarget = trailTargetOf(options, process.env)
  const place = lakeOf(lake, trailTarget)
  return {
    ...(trailTarget === undefined ? {} : { trailTarget }),
    ...(place === undefined ? {} : { lake: place }),
  }
}
