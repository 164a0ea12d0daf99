import { isDeepStrictEqual } from 'node:util'
import { giveBackAtRest, type Mode, type Partition, systemClock, systemRandom } from '../base/index.ts'
import type { LakePlace, TrailTarget } from '../delivery/index.ts'
import type { Quotas } from '../directory/index.ts'
import {
  aheadIn,
  CopyInterrupted,
  countsAsTls,
  newFirstKeys,
  Omen,
  openGate,
  openMetricsPort,
  type PlainKey,
  WrongFirstAccount,
  WrongPartition,
} from '../gate/index.ts'
import type { UpstreamOptions } from '../guard/index.ts'
import { servedApis } from '../services/index.ts'
import { WrongMasterKey } from '../session/index.ts'
import type { Store } from '../store/index.ts'
import { banner, consoleFor } from './banner.ts'
import { Complaints } from './complaints.ts'
import { hearSignals, untilEnd } from './ending.ts'
import { badConfiguration } from './failure.ts'
import type { RunningServer } from './home.ts'
import { LogFile } from './log-file.ts'
import type { NodeTerms } from './node-options.ts'
import { print, printError, safeLines } from './output.ts'
import type { Place } from './place.ts'
import { PracticeThread } from './practice-thread.ts'
import { processSpace } from './process-space.ts'
import type { Seeds } from './seeds.ts'
import { folderShelf } from './snapshot/shelf.ts'
import { cannotListen, parseAccount, type StartOptions } from './start-values.ts'
import { testClockFor } from './test-clock.ts'
import { tlsTermsOf } from './tls-terms.ts'
import { forwardedOf } from './upstream.ts'
import { version } from './version.ts'
import type { Worker } from './workers.ts'

/** The values of a server's options. */
export interface ServingTerms {
  readonly mode: Mode
  readonly node: NodeTerms
  readonly port: number
  readonly fixedKeys: readonly PlainKey[]
  readonly retentionDays: number
  readonly retentionBytes?: number
  readonly partition?: Partition
  readonly quotas?: Partial<Quotas>
  readonly seeds?: Seeds
  readonly trailTarget?: TrailTarget
  readonly lake?: LakePlace
  readonly upstream?: UpstreamOptions
}

/** A server that begins: its open store, its terms, and who decides when it ends. */
interface Beginning {
  readonly store: Store
  readonly place: Place
  readonly terms: ServingTerms
  readonly options: StartOptions
  /** The server ends with it. */
  readonly work: ((server: RunningServer) => Promise<void>) | undefined
  /** The writer of the note and the banner, if another process started this one. */
  readonly worker: Worker | undefined
}

/** Serves an open store until the server is stopped, or until `work` ends. */
export async function serveStore({ store, place, terms, options, work, worker }: Beginning): Promise<void> {
  const { mode, node, port, partition, quotas, fixedKeys, seeds } = terms
  const { retentionDays, retentionBytes, trailTarget, lake, upstream } = terms
  const { home } = place
  const clock = await aheadIn(store)
    .then((ahead) => testClockFor(options.testClock === true, ahead, store))
    .catch(async (error: unknown) => {
      await store.close()
      throw error
    })
  // from here on the home belongs to this process: only now is anything in it read or made
  const kept = place.isHome ? home.readCredentials() : undefined
  // a server that begins with one account's contents has that account's number
  const seeding = seeds === undefined ? undefined : await import('./seeds.ts')
  const adopted = kept === undefined && seeds !== undefined ? seeding?.adoptedAccount(seeds) : undefined
  const account = parseAccount(options.account ?? adopted, kept?.account)
  const masterKey = await place.masterKey(store)
  const tls = tlsTermsOf(options, countsAsTls)
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
    tls,
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
