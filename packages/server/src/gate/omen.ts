import {
  DecisionLog,
  type Dependencies,
  type FunctionConfinement,
  type OfferedApi,
} from '../authorization/index.ts'
import {
  assert,
  type HttpRequest,
  type HttpResponse,
  type Mode,
  type Partition,
  type Random,
  systemRandom,
} from '../base/index.ts'
import type { LakePlace, TrailTarget } from '../delivery/index.ts'
import { Directory, type DirectoryLimits, defaultQuotas, type Quotas } from '../directory/index.ts'
import type { UpstreamOptions } from '../guard/index.ts'
import type { Registry } from '../metrics/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { findOperation, loadModel, type ServiceId } from '../model/index.ts'
import { isSignIn } from '../services/doors/index.ts'
import type { SignIn } from '../services/signin/index.ts'
import { Credentials, KeyRing, MasterKeys, SessionTokens } from '../session/index.ts'
import { changesOf, type Store } from '../store/index.ts'
import { Recorder } from '../trail/index.ts'
import { constraintsOf, createWire } from '../wire/index.ts'
import { Functions } from '../workload/functions/index.ts'
import { Workload } from '../workload/index.ts'
import { Answerer, type Complain, type Performance } from './answer.ts'
import { assumeForService } from './assume-for-service.ts'
import { ConsolePages, isConsoles } from './console-pages.ts'
import { chosenIds, endedIn, establish, type First, firstOf, keepFirst, type Proposal } from './first.ts'
import type { Guarding } from './guarding.ts'
import { History, retentionDays } from './history.ts'
import { BodyLimits } from './http/body-limit.ts'
import type { OpenGate, Passage } from './http/server.ts'
import { httpDate } from './http-date.ts'
import { Invocations } from './invocations.ts'
import { beginOn } from './opening.ts'
import { answerAtDoors, hasOwnDoor } from './own-doors.ts'
import { keepPartition, partitionOf } from './partition.ts'
import { Readiness } from './readiness.ts'
import { startRecurring } from './recurring.ts'
import { reported } from './reported.ts'
import type { AdminParts } from './route/admin.ts'
import { checkMasterKey, type FirstKeys } from './route/bootstrap.ts'
import { isMisnamed, misdirected } from './route/foreign-page.ts'
import { OwnApi } from './route/own-api.ts'
import { bringsOwnProof, isSignedByAws } from './sent-credentials.ts'
import { measureServer } from './server-metrics.ts'
import { answerSignIn, signInOf } from './sign-in.ts'
import type { SnapshotShelf } from './snapshots.ts'
import { Telemetry, type TelemetryParts } from './telemetry.ts'
import { trailFacts } from './trail-upstream.ts'
import { resetPattern, resetsUpstream } from './upstream-reset.ts'
import { PathWatch, type PathWatchOptions } from './watch/path-watch.ts'
import { openWeb } from './web.ts'

/** The parts and settings of a server. */
export interface OmenParts extends TelemetryParts, Omit<Proposal, 'store'> {
  readonly apis: readonly OfferedApi[]
  /** 32 bytes that live apart from the database. */
  readonly masterKey: Uint8Array
  /** Further ones that this process knows, while the key is rotated. */
  readonly otherMasterKeys?: readonly Uint8Array[]
  /** The partition of ARNs. Default: the store's own; `aws` in a new one. */
  readonly partition?: Partition
  readonly mode: Mode
  readonly random?: Random
  readonly complain?: Complain
  /** Called when the store is known to fit the master key and the partition, before its first account is created. */
  readonly onProven?: () => void
  /** Where calls go that `apis` do not answer, once they are authorised. */
  readonly upstream?: UpstreamOptions
  readonly authorizationIds?: boolean
  /** Where trails deliver their files. Left out: deliveries wait. */
  readonly trailTarget?: TrailTarget
  readonly lake?: LakePlace
  readonly retentionDays?: number
  /** Events take no more than so many bytes; the oldest are forgotten first. Default: no limit. */
  readonly retentionBytes?: number
  readonly snapshots?: SnapshotShelf
  /** How functions run. Default: behind a fence of the operating system, or not at all. */
  readonly runFunctions?: FunctionConfinement
  readonly quotas?: Partial<Quotas>
  /** How much memory accounts may take, and, with several nodes, how old answers may be that change nothing. */
  readonly directory?: Partial<DirectoryLimits>
}

/** A whole server: it answers requests, wherever they come from. */
export class Omen {
  readonly deps: Dependencies
  readonly #first: First
  /** Credentials for machines that wear a role: metadata and container endpoints. */
  readonly workload: Workload
  /** How long the bodies of requests may be. */
  readonly bodySizes: BodyLimits
  /** Whether the server wants calls. */
  readonly readiness: Readiness
  readonly metrics: Registry
  /** The player of lessons, if there is one. */
  readonly practice: AdminParts['practice'] = {}
  readonly #watch: Telemetry['watch']
  readonly #store: Store
  readonly #masterKeys: MasterKeys
  readonly #answerer: Answerer
  readonly #signIn: () => Promise<SignIn>
  readonly #pages = new ConsolePages()
  #guarding: Guarding | undefined
  #url: string | undefined // once the port is open
  readonly #complain: Complain
  readonly #date: () => string
  readonly #ownApi: OwnApi
  readonly #resets: RegExp
  readonly #functions: Functions
  readonly #invocations: Invocations
  readonly #endRecurring: () => void
  readonly #history: History

  private constructor(
    parts: OmenParts,
    deps: Dependencies,
    first: First,
    functions: Functions,
    invocations: Invocations,
    masterKeys: MasterKeys,
    workload: Workload,
    telemetry: Telemetry,
  ) {
    this.deps = deps
    this.#date = httpDate(deps.clock)
    this.#first = first
    this.#store = parts.store
    this.#masterKeys = masterKeys
    const wire = createWire(parts.apis.map((api) => loadModel(api.id as ServiceId))) // a served API has a model of its name
    this.#complain = parts.complain ?? (() => {})
    this.bodySizes = new BodyLimits(deps, wire)
    this.#answerer = new Answerer(deps, wire, parts.apis, this.#complain, telemetry.watch)
    this.#signIn = signInOf(deps)
    this.workload = workload
    this.#functions = functions
    this.#invocations = invocations
    this.readiness = new Readiness(parts.store)
    this.#resets = resetPattern(parts.upstream)
    const own = {
      metrics: telemetry.metrics,
      snapshots: parts.snapshots,
      deps,
      store: parts.store,
      workload: this.workload,
      version: parts.version,
      reset: () => this.reset(),
      undelivered: () => this.#history.undelivered,
      guarding: () => this.#guarding,
      practice: this.practice,
      resets: this.#resets,
      signIn: this.#signIn,
      pathWatch: () => this.#answerer.watch,
    }
    this.#ownApi = new OwnApi(own, this.readiness)
    this.#endRecurring = startRecurring(deps, parts.store, masterKeys, this.#complain, () => this.#forget())
    const { store, trailTarget: target, lake } = parts
    const retention = { days: parts.retentionDays ?? retentionDays, bytes: parts.retentionBytes }
    this.#history = new History({ deps, store, target, lake, retention }, (error) =>
      parts.complain?.(error, 'trails'),
    )
    this.metrics = telemetry.metrics
    this.#watch = telemetry.watch
    measureServer(this.metrics, { deps, history: this.#history, readiness: this.readiness })
  }

  /** Opens a server, in an empty store with its first account. @throws WrongMasterKey or WrongPartition of another store */
  static async open(given: OmenParts): Promise<Omen> {
    const telemetry = await Telemetry.open(given)
    const parts = { ...given, store: telemetry.store, clock: telemetry.clock }
    const { store, clock, random = systemRandom } = parts
    await beginOn(store, clock)
    const masterKeys = await MasterKeys.open(store, parts.masterKey, parts.otherMasterKeys ?? [], random)
    const partition = await partitionOf(store, parts.partition)
    const directory = new Directory(store, parts.directory, partition)
    telemetry.traceConfirmations(directory)
    await checkMasterKey(store, masterKeys, directory)
    await keepPartition(store, partition)
    const first = await firstOf(parts, masterKeys.vault, random)
    parts.onProven?.()
    const keyRing = await KeyRing.open(store, masterKeys.oldest, masterKeys.vault, random, clock.now())
    const tokens = new SessionTokens(keyRing.vault)
    const complain = parts.complain ?? (() => {})
    const recorder = new Recorder(store, (error) => complain(error, 'events'))
    await recorder.takeOver()
    const functions = new Functions(clock, parts.runFunctions)
    const invocations = new Invocations(() => deps, complain)
    const deps: Dependencies = {
      recorder,
      ...trailFacts(parts, () => ({ deps, guard: omen.#guarding?.guard, url: omen.#url })),
      isGuard: parts.upstream !== undefined,
      functions,
      invocations,
      decisions: new DecisionLog(random),
      authorizationIds: parts.authorizationIds !== false,
      clock,
      random,
      vault: masterKeys.vault,
      directory,
      tokens,
      keyRing,
      web: openWeb(),
      credentials: new Credentials(masterKeys.vault, tokens, chosenIds(first)),
      partition,
      firstAccount: first.account,
      mode: parts.mode,
      quotas: { ...defaultQuotas, ...parts.quotas },
      assumeForService: (request) => assumeForService(deps, request),
      perform: (performance) => omen.#answerer.perform(performance),
      instancesStarted: (account, ids) => workload.instancesStarted(account, ids),
    }
    const workload = new Workload(deps)
    await establish(first, clock.now(), deps)
    const omen = new Omen(parts, deps, first, functions, invocations, masterKeys, workload, telemetry)
    if (parts.upstream !== undefined) await omen.#openGuard(parts, parts.upstream)
    return omen
  }

  get firstKeys(): FirstKeys {
    return this.#first.keys
  }

  /** From now on, records changes that open a path to an administrator, or refuses them. */
  watchPaths(options: PathWatchOptions): PathWatch {
    const watch = new PathWatch(this.deps, options)
    this.#answerer.watch = watch
    return watch
  }

  /** Sets the server's address once it is open: functions and instances call it there. */
  servesAt({ url, adopt }: Pick<OpenGate, 'url' | 'adopt'>): void {
    this.#url = url
    this.#functions.servesAt(url, adopt)
    this.#invocations.start()
  }

  /** Whether the console was built, so that its pages are served. */
  get hasConsole(): boolean {
    return this.#pages.isBuilt
  }

  /**
   * The path of a one-time link into the console that signs in as admin, or as another principal of the first account;
   * undefined if there is no console here. @throws Refusal if there is no such principal
   */
  async consoleLink(as?: string): Promise<string | undefined> {
    return this.#pages.isBuilt ? this.#ownApi.consoleLink(as) : undefined
  }

  /** Takes over the upstream's services; undefined if there is no upstream. */
  get passage(): Passage | undefined {
    const guard = this.#guarding?.guard
    return guard && ((exchange) => guard.pass(exchange))
  }

  /**
   * The mirror that keeps the upstream's IAM like the server's; undefined if there is no upstream, or it is left alone.
   */
  get sharedIam(): Mirror | undefined {
    return this.#guarding?.mirror
  }

  /** Calls that the guard could not decide, and parts of stacks that it could not take over, if there is a guard. */
  get guardState() {
    const guarding = this.#guarding
    return guarding && { undecidable: guarding.guard.undecidable, notAdopted: guarding.stacks.notAdopted }
  }

  /** Answers one request. Never rejects. */
  readonly answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const response = await this.#answerBehind(request)
    response.headers.date = this.#date() // clients correct their skew by it
    if (response.status === 503) response.headers['retry-after'] ??= '1'
    return response
  }

  /** The guard's code is loaded only if there is an upstream. */
  async #openGuard(parts: OmenParts, upstream: UpstreamOptions): Promise<void> {
    const { openGuard } = await import('./guarding.ts')
    this.#guarding = openGuard(this.deps, {
      upstream,
      served: new Set(parts.apis.map(({ id }) => id)),
      ours: (request) =>
        request.rawPath.startsWith('/_omen/') ||
        resetsUpstream(request, this.#resets) ||
        (isSignIn(request) && !isSignedByAws(request)) ||
        bringsOwnProof(request) ||
        hasOwnDoor(request),
      complain: this.#complain,
      watch: this.#watch,
      date: this.#date,
    })
    const { mirror, stacks } = this.#guarding
    if (upstream.sync === true) {
      const { synchronization } = stacks
      this.#answerer.onRole = (account, name) => synchronization.lookUp(account, name)
      // before the upstream gets what Omen has: what is gone there is not made anew
      await synchronization.run().catch((error: unknown) => this.#complain(error, 'the upstream'))
    }
    if (mirror === undefined) return
    this.deps.directory.onKept((kept) => {
      for (const each of kept) mirror.note(each.account, changesOf(each))
    })
    await mirror.start()
  }

  /** Most doors lead to the API; a few paths lead elsewhere. */
  #answerBehind(request: HttpRequest): Promise<HttpResponse> {
    if (isConsoles(request) && isMisnamed(request)) return Promise.resolve(misdirected())
    const page = request.rawPath.startsWith('/_omen')
      ? this.#pages.answer(request)
      : this.#pages.lead(request)
    if (page !== undefined) return Promise.resolve(page)
    // its own API with a model (services/omen): these calls take the way of every other
    if (request.rawPath.startsWith('/_omen/graph/')) return this.#answerer.answer(request)
    if (
      request.rawPath.startsWith('/_omen/') ||
      (this.#guarding !== undefined && resetsUpstream(request, this.#resets))
    )
      return this.#pages.orPage(request, reported(this.#ownApi.answer(request), request, this.#complain))
    if (isSignIn(request)) return reported(answerSignIn(this.#signIn, request), request, this.#complain)
    return answerAtDoors(request, this.deps, (door) =>
      door === undefined ? this.#answerer.answer(request) : reported(door, request, this.#complain),
    )
  }

  /** Delivers logged events of trails now, rather than within five minutes. */
  deliverTrails(): Promise<void> {
    return this.#history.deliver()
  }

  /** Empties everything back to the first start; the first keys stay. */
  async reset(): Promise<void> {
    const { deps } = this
    const stayEnded = await endedIn(deps)
    await this.replaceState(() => this.#store.reset())
    if (this.#store.shared) await keepFirst(this.#store, deps.vault, this.#first)
    await establish(this.#first, deps.clock.now(), deps)
    await stayEnded()
  }

  /** Runs what replaces the whole stored state, and drops what memory has of it. */
  async replaceState(replace: () => Promise<void>): Promise<void> {
    const { deps } = this
    await deps.recorder.flush()
    deps.recorder.abandon()
    await replace()
    deps.directory.forgetAll()
    await this.#masterKeys.keepCheck()
    await keepPartition(this.#store, deps.partition)
    await this.#forget()
  }

  /** Drops what memory has, beside accounts, of a state that was replaced: here or by another node. */
  async #forget(): Promise<void> {
    const { deps } = this
    deps.decisions.forgetAll()
    await deps.keyRing.refresh(deps.clock.now())
    this.#guarding?.guard.forget()
    this.#guarding?.stacks.forget()
    await this.#guarding?.mirror?.replaced()
  }

  /** Runs an operation in a caller's name, as if it had been sent. @throws Fault if it is refused */
  async perform(performance: Performance): Promise<unknown> {
    const service = loadModel(performance.service)
    const operation = findOperation(service, performance.operation)
    assert(operation !== undefined, `${performance.service} has no ${performance.operation}`)
    constraintsOf({ service, operation, labels: {} })({ ...performance.input })
    return this.#answerer.perform(performance)
  }

  /** Ends open waits, so that their callers are answered; to be called before the server closes its port. */
  stopFunctions(): Promise<void> {
    this.#invocations.stop()
    return this.#functions.close()
  }

  /** Waits for pending writes, then closes the store. */
  async close(): Promise<void> {
    this.#endRecurring()
    await this.stopFunctions()
    await this.#invocations.close()
    await this.workload.close()
    this.#guarding?.mirror?.close()
    this.#guarding?.stacks.close()
    await this.#guarding?.guard.close()
    await this.#history.close()
    await this.#answerer.watch?.close()
    await this.deps.recorder.close()
    await this.deps.directory.keepUsage().catch(() => {}) // not worth a failed close
    await this.#store.close()
  }
}
