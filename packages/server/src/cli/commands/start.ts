import { isDeepStrictEqual } from 'node:util'
import { type Command, Option } from 'commander'
import {
  giveBackAtRest,
  ownHeap,
  partitions,
  quickHeap,
  startingHeap,
  systemClock,
  systemRandom,
} from '../../base/index.ts'
import { WrongMasterKey } from '../../session/index.ts'
import { banner, consoleFor } from '../banner.ts'
import { Complaints } from '../complaints.ts'
import { hearSignals, untilEnd } from '../ending.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import { LogFile } from '../log-file.ts'
import { addNodeOptions, nodeTermsOf, parsePort } from '../node-options.ts'
import { print, printError, safeLines } from '../output.ts'
import { placeOf, storeOption } from '../place.ts'
import { PracticeThread } from '../practice-thread.ts'
import { processSpace } from '../process-space.ts'
import { readQuotas } from '../quotas.ts'
import { folderShelf } from '../snapshot/shelf.ts'
import {
  cannotListen,
  defaultAccount,
  parseAccount,
  parseDays,
  parseFixedKeys,
  parseMode,
  parsePartitionOption,
  parseRetention,
  type StartOptions,
} from '../start-values.ts'
import { testClockFor } from '../test-clock.ts'
import { addTlsOptions, tlsTermsOf } from '../tls-terms.ts'
import { lakeOf, lakeOption, trailTargetOf } from '../trail-target.ts'
import { addUpstreamOptions, forwardedOf, tuneForBodies, upstreamOf } from '../upstream.ts'
import { version } from '../version.ts'
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
      const own = isGiven('port') ? others : { ...others, port: '0' }
      return startFor(args, home !== undefined && isGiven('home') ? { ...own, home } : own)
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
    .addOption(lakeOption())
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
  const mode = parseMode(options.mode)
  const node = nodeTermsOf(options, work === undefined ? 1 : 2) // standard output is the command's
  const port = parsePort('--port', options.port)
  const partition = parsePartitionOption(options.partition)
  const quotas = options.quotas === undefined ? undefined : readQuotas(options.quotas)
  // loaded only if there is a seed
  const fixedKeys = parseFixedKeys(options.key ?? [])
  const seeding = options.seed === undefined ? undefined : await import('../seeds.ts')
  const seeds = seeding?.readSeeds(options.seed ?? '', {
    account: options.account ?? defaultAccount,
    ...(partition === undefined ? {} : { partition }),
  })
  const retentionDays = parseDays(options.retentionDays)
  const retentionBytes = parseRetention(options.retentionSize)
  const trailTarget = trailTargetOf(options, process.env)
  const lake = lakeOf(options.lake, trailTarget)
  const upstream = upstreamOf(options)
  if (upstream !== undefined) tuneForBodies()
  else ownHeap(startingHeap)
  const place = await placeOf(options, worker !== undefined)
  const { home } = place
  // the store is opened while the rest of the code is loaded
  const opening = place.open()
  const [
    {
      aheadIn,
      CopyInterrupted,
      countsAsTls,
      newFirstKeys,
      Omen,
      openGate,
      openMetricsPort,
      WrongFirstAccount,
      WrongPartition,
    },
    { servedApis },
    store,
  ] = await Promise.all([import('../../gate/index.ts'), import('../../services/index.ts'), opening])
  const clock = await aheadIn(store)
    .then((ahead) => testClockFor(options.testClock === true, ahead, store))
    .catch(async (error: unknown) => {
      await store.close()
      throw error
    })
  // from here on the home belongs to this process: only now is anything in it read or made
  const kept = place.isHome ? home.readCredentials() : undefined
  // a server that begins with one account's contents has that account's number
  const adopted = kept === undefined && seeds !== undefined ? seeding?.adoptedAccount(seeds) : undefined
  const account = parseAccount(options.account ?? adopted, kept?.account)
  const masterKey = await place.masterKey(store)
  const terms = tlsTermsOf(options, countsAsTls)
  const forwarded = forwardedOf(
    options,
    servedApis.map(({ id }) => id),
  )
  const log = place.isHome ? new LogFile(home.log) : undefined
  const complaints = new Complaints(log, node.lines)
  const firstKeys = kept?.keys ?? place.firstKeys ?? newFirstKeys(account, systemRandom)
  if (kept !== undefined && place.firstKeys !== undefined && !isDeepStrictEqual(kept.keys, place.firstKeys))
    printError('warning: OMEN_FIRST_KEYS is left out, for this home has its first keys already\n')
  for (const { accessKeyId } of fixedKeys)
    printError(`warning: the key ${accessKeyId} is an administrator’s, and no secret\n`)
  const omen = await Omen.open({
    store,
    directory: node.directory,
    apis: servedApis.filter(({ id }) => !forwarded.has(id)),
    ...(upstream === undefined ? {} : { upstream }),
    masterKey,
    otherMasterKeys: place.otherMasterKeys,
    account,
    isAccountChosen: options.account !== undefined,
    ...(partition === undefined ? {} : { partition }),
    mode,
    version: version(),
    firstKeys,
    fixedKeys,
    complain: complaints.add,
    node: node.name,
    ...(node.lines === undefined ? {} : { onCall: (call) => node.lines?.call(call) }),
    ...(clock === undefined ? {} : { clock }),
    retentionDays,
    ...(retentionBytes === undefined ? {} : { retentionBytes }),
    authorizationIds: options.authorizationIds !== false,
    runFunctions: options.runFunctions,
    ...(place.isHome ? { snapshots: folderShelf(home.snapshots) } : {}),
    ...(trailTarget === undefined ? {} : { trailTarget }),
    ...(lake === undefined ? {} : { lake }),
    ...(quotas === undefined ? {} : { quotas }),
    onProven: () => {
      if (place.isHome && kept === undefined) home.writeCredentials({ account, keys: firstKeys })
    },
  }).catch(async (error: unknown) => {
    await store.close()
    if (error instanceof WrongPartition)
      throw badConfiguration(
        place.isHome
          ? `this home is of partition ${error.kept}, not ${options.partition}: choose another --home`
          : error.message,
      )
    if (error instanceof WrongFirstAccount || error instanceof CopyInterrupted)
      throw badConfiguration(error.message)
    throw error instanceof WrongMasterKey ? badConfiguration(place.wrongKey) : error
  })
  if (seeds !== undefined)
    await seeding?.plantOnce(seeds, omen, store, kept === undefined).catch(async (error: unknown) => {
      await omen.close()
      throw error
    })
  omen.watchPaths({
    refuse: options.refuseNewAdminPaths === true,
    tell: (line) => {
      log?.write(safeLines(line))
      if (node.lines !== undefined) node.lines.note(line)
      else if (work === undefined) print(`  ${safeLines(line)}\n`)
    },
  })
  // one process alone has the home, and with it the learner's progress
  const isOff = store.shared || process.env.OMEN_LEARN === 'off'
  const practice = isOff ? undefined : new PracticeThread(home.folder)
  if (practice !== undefined) omen.practice.ask = practice.ask
  const address = { host: options.host, port }
  const gate = await openGate(
    address,
    omen.answer,
    { 'x-omen-mode': mode, ...(clock === undefined ? {} : { 'x-omen-clock': 'test' }), ...node.headers },
    omen.passage,
    omen.bodySizes,
    terms,
  ).catch(async (error: unknown) => {
    await omen.close()
    throw cannotListen(error, options.host, port)
  })
  const metrics =
    node.metrics &&
    (await openMetricsPort(node.metrics, omen.metrics).catch(async (error: unknown) => {
      await gate.close()
      await omen.close()
      throw cannotListen(error, node.metrics?.host ?? '', node.metrics?.port ?? 0)
    }))
  omen.servesAt(gate)
  if (upstream === undefined) ownHeap(quickHeap)
  giveBackAtRest()
  // from now on: who reads the note may stop the server at once
  const signals = worker?.signals ?? hearSignals()
  const server: RunningServer = {
    url: gate.url,
    pid: process.pid,
    processSpace: processSpace(),
    mode,
    store: store.description,
    account: omen.deps.firstAccount,
    partition: omen.deps.partition,
    keys: omen.firstKeys,
  }
  if (worker === undefined) home.writeServer(server)
  log?.write(`omen ${version()} serves at ${gate.url}, mode ${mode}, process ${process.pid}`)
  node.lines?.note('serving', { url: gate.url, metrics: metrics?.url, mode, version: version() })
  const console = node.lines === undefined ? await consoleFor(process.stdout, omen, gate.url) : undefined
  const said = {
    url: gate.url,
    store: store.description,
    home: home.folder,
    upstream: upstream?.url,
    console,
    account: server.account,
    partition: omen.deps.partition,
    mode,
    runFunctions: options.runFunctions,
    learns: practice !== undefined,
    ...(clock === undefined ? {} : { clockAhead: omen.deps.clock.now() - systemClock.now() }),
  }
  try {
    if (worker !== undefined) worker.serves(server, node.lines === undefined ? said : undefined)
    else if (work === undefined && node.lines === undefined) print(banner(said))
    const drain = () => {
      omen.readiness.drain()
      gate.drain()
    }
    await (work?.(server) ?? untilEnd(signals, node.drainSeconds, drain))
  } finally {
    omen.readiness.drain()
    practice?.close()
    await omen.stopFunctions()
    await gate.close(node.finishSeconds * 1_000)
    metrics?.close()
    await omen.close()
    complaints.end()
    place.leave()
  }
  log?.write(`stopped: process ${process.pid}`)
  node.lines?.note('stopped')
  await node.lines?.end()
  // all of the output is the command's, or the workers' together
  if (work !== undefined || worker !== undefined || node.lines !== undefined) return
  const kind = place.keeps === undefined ? 'nothing is kept' : `everything is kept in ${place.keeps}`
  print(`  omen has stopped; ${kind}\n`)
}
