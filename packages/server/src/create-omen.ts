import type { HttpRequest, HttpResponse, Mode, Partition } from './base/index.ts'
import {
  assert,
  checkNode,
  factsOf,
  parseAccountId,
  ShiftedClock,
  seededRandom,
  systemRandom,
} from './base/index.ts'
import { folderTarget, type TrailTarget } from './delivery/index.ts'
import type { Quotas } from './directory/index.ts'
import { type FirstKeys, Omen, type OpenGate, openGate, type PlainKey, type TlsTerms } from './gate/index.ts'
import type { UpstreamOptions } from './guard/index.ts'
import type { Seed, SeedServer } from './seed/index.ts'
import { servedApis } from './services/index.ts'
import { openSqliteStore } from './store/index.ts'
import {
  type ClientCredentials,
  type ClientOptions,
  credentialsFor,
  Identity,
  InProcess,
  type SessionOptions,
} from './testing/index.ts'

/** The options of a server in process. All are optional. */
export interface CreateOmenOptions extends TlsTerms {
  /** Twelve digits. Default `123456789012`. */
  readonly account?: string
  /** The partition of ARNs: `aws`, `aws-cn` or `aws-us-gov`. Default `aws`. */
  readonly partition?: Partition
  /** Default `enforce`. */
  readonly mode?: Mode
  /**
   * Users, roles, policies and an organization that the server begins with: as an object, or the path of a JSON or
   * YAML file, which may also be a template, a Terraform plan or a dump of an account. Files that an object names are
   * relative to the working directory.
   */
  readonly seed?: Seed | string
  /** The same text gives the same ids, keys and tokens, so that a run can be repeated. Default: random. */
  readonly randomSeed?: string
  /** The present time in milliseconds since the epoch; it continues from there. Default: the machine's time. */
  readonly now?: number
  /** Default 0: any free port of 127.0.0.1. With `false` no port is open until `listen` is called. */
  readonly port?: number | false
  /** Whether IAM's denials end with an authorization id, as AWS's do. Default: they do. */
  readonly authorizationIds?: boolean
  /**
   * Whether a change that opens a path to an administrator is recorded as an event (`watch`), or refused unless root of the
   * account makes it (`refuse`). Default: neither.
   */
  readonly adminPaths?: 'watch' | 'refuse'
  /** Quotas that differ from AWS's, for example `{ RolesPerAccount: 5 }`. */
  readonly quotas?: Partial<Quotas>
  /** Events are forgotten after so many days. Default: 90. */
  readonly retentionDays?: number
  /** Events take no more than so many bytes; the oldest are forgotten first. Default: no limit. */
  readonly retentionBytes?: number
  /** Where trails deliver to: the buckets that they name become folders of it. Left out: deliveries wait. */
  readonly trailFolder?: string
  /** Or any other place for trails to deliver to. */
  readonly trailTarget?: TrailTarget
  /**
   * The endpoint to which authorized calls that Omen does not answer are forwarded: another AWS-compatible endpoint.
   */
  readonly upstream?: UpstreamOptions
  /** Services of Omen's own that are forwarded as well, for example `['ec2', 'lambda']`. */
  readonly forward?: readonly string[]
  /**
   * How Lambda functions run: behind a fence of the operating system or not at all (`fenced`, the default), or with
   * the rights of this process (`unconfined`).
   */
  readonly runFunctions?: 'fenced' | 'unconfined'
  /** Receives errors that no caller caused. Default: thrown when the server is closed. */
  readonly complain?: (error: unknown, requestId: string) => void
}

/** The identity of a client: the first start's keys, or any credentials. */
export type As = 'root' | 'admin' | ClientCredentials

/** A state of the server to restore later. */
export interface Snapshot {
  /** Its number. */
  readonly snapshot: number
  /** How far the clock was from the machine's, in milliseconds. */
  readonly clockShift: number
}

/** A server in process. Close it, or declare it with `await using`. */
export interface RunningOmen extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; `http://localhost` while no port is open: clients are then answered within the process. */
  readonly endpoint: string
  readonly account: string
  readonly keys: FirstKeys
  /** Moves the time of the whole server forward. */
  readonly clock: ShiftedClock
  /** The server's inside, for Omen's own tests; no published type. @internal */
  readonly omen: Omen
  /** Plain client options: `new STSClient(omen.clientConfig('admin'))`. */
  clientConfig(as?: As): ClientOptions
  /** A client of any AWS SDK for JavaScript class; it is destroyed with the server. */
  client<C extends { destroy(): void }>(Client: new (options: ClientOptions) => C, as?: As): C
  /** The metadata endpoint of a running instance of the first account: AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  metadataOf(instanceId: string): Promise<string>
  /**
   * A principal's credentials, made without any permission check: `role/NAME` (a session that begins now),
   * `user/NAME`, `root`, a bare name, or an ARN. With credentials, their owner. @throws Fault NoSuchEntity if there is
   * no such principal
   */
  as(who: string | ClientCredentials, session?: SessionOptions): Identity
  /** Opens a port if none is open. Resolves with the endpoint. */
  listen(): Promise<string>
  /** Copies the whole state: accounts, events, settings and the clock. Calls in flight may or may not be part of it. */
  snapshot(): Promise<Snapshot>
  /** Restores a snapshot. Credentials and identities from before remain valid if their owner exists. */
  restore(snapshot: Snapshot): Promise<void>
  /** Back to the first start, and the seed is planted again. */
  reset(): Promise<void>
  close(): Promise<void>
}

/**
 * A whole server in process, for tests: the same code as `omen start`, on a free port of loopback.
 * ```ts
 * await using omen = await createOmen()
 * const sts = omen.client(STSClient, 'admin')
 * await sts.send(new GetCallerIdentityCommand({}))
 * ```
 */
export async function createOmen(options: CreateOmenOptions = {}): Promise<RunningOmen> {
  checkNode(process.versions.node)
  const account = parseAccountId(options.account ?? '123456789012')
  assert(account !== undefined, 'an account has twelve digits')
  const random = options.randomSeed === undefined ? systemRandom : seededRandom(options.randomSeed)
  const clock = new ShiftedClock()
  if (options.now !== undefined) clock.set(options.now)
  const failures: unknown[] = []
  const complain = options.complain ?? ((error: unknown) => failures.push(error))
  const mode = options.mode ?? 'enforce'
  const { partition = 'aws' } = options
  const planting = await prepareSeed(options.seed, { account, partition })
  const store = await openSqliteStore({ memory: true })
  const masterKey = random.bytes(32)
  const { trailFolder } = options
  const trailTarget = trailFolder === undefined ? options.trailTarget : folderTarget(trailFolder)
  const omen = await Omen.open({
    store,
    apis: servedApis.filter(({ id }) => !options.forward?.includes(id)),
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
    masterKey,
    account,
    partition,
    mode,
    version: 'in process',
    clock,
    random,
    complain,
    ...(trailTarget === undefined ? {} : { trailTarget }),
    authorizationIds: options.authorizationIds !== false,
    ...(options.retentionDays === undefined ? {} : { retentionDays: options.retentionDays }),
    ...(options.retentionBytes === undefined ? {} : { retentionBytes: options.retentionBytes }),
    ...(options.runFunctions === undefined ? {} : { runFunctions: options.runFunctions }),
    ...(options.quotas === undefined ? {} : { quotas: options.quotas }),
  })
  const plant = async () => planting?.(omen)
  await plant().catch(async (error: unknown) => {
    await omen.close()
    throw error
  })
  const { adminPaths } = options
  if (adminPaths !== undefined) omen.watchPaths({ refuse: adminPaths === 'refuse' })
  const door = new FrontDoor(omen, mode, options)
  // forwarded calls pass only through sockets
  const port = options.port ?? 0
  if (port !== false || options.upstream !== undefined) await door.open(port === false ? 0 : port)
  const inProcess = new InProcess(door.answer, clock, factsOf(partition).globalRegion)
  const clients: { destroy(): void }[] = []
  const clientOptions = (credentials: ClientCredentials): ClientOptions => ({
    endpoint: door.url,
    region: factsOf(partition).globalRegion,
    credentials,
    ...(door.isOpen ? {} : { requestHandler: inProcess.handler }),
    ...(clock.shift === 0 ? {} : { systemClockOffset: clock.shift }),
  })
  const clientConfig = (as: As = 'admin') =>
    clientOptions(typeof as === 'string' ? credentialsOf(omen.firstKeys[as]) : as)
  const listen = () => door.open(0)
  const identityServer = { deps: omen.deps, inProcess, clientOptions, listen }
  let closing: Promise<void> | undefined
  const close = async () => {
    for (const client of clients) client.destroy()
    await omen.stopFunctions()
    await door.close()
    await omen.close()
    if (failures.length > 0) throw new AggregateError(failures, 'the server failed while it ran')
  }
  const closeOnce = () => {
    closing ??= close()
    return closing
  }
  return {
    get endpoint() {
      return door.url
    },
    account,
    keys: omen.firstKeys,
    clock,
    omen,
    clientConfig,
    client(Client, as) {
      const client = new Client(clientConfig(as))
      clients.push(client)
      return client
    },
    as(who, session = {}) {
      if (typeof who !== 'string') return new Identity(who.accessKeyId, who, identityServer)
      return new Identity(who, credentialsFor(who, session, omen.deps), identityServer)
    },
    listen,
    async snapshot() {
      await omen.deps.recorder.flush()
      return { snapshot: await store.snapshot(), clockShift: clock.shift }
    },
    async restore({ snapshot, clockShift }) {
      clock.shift = clockShift
      await omen.replaceState(() => store.restore(snapshot))
      // so that the next caller does not wait
      for (const id of await store.accounts()) await omen.deps.directory.find(id)
    },
    metadataOf: (instanceId) => omen.workload.metadataOf(account, instanceId),
    async reset() {
      await omen.reset()
      await plant()
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}

/** The way in: within the process, and by a port once it is open. */
class FrontDoor {
  readonly #omen: Omen
  readonly #mode: Mode
  readonly #terms: TlsTerms
  #gate: Promise<OpenGate> | undefined
  #url: string | undefined

  constructor(omen: Omen, mode: Mode, terms: TlsTerms) {
    this.#omen = omen
    this.#mode = mode
    this.#terms = terms
  }

  get isOpen(): boolean {
    return this.#url !== undefined
  }

  get url(): string {
    return this.#url ?? 'http://localhost'
  }

  /** Answers a request within the process, as the port does. */
  readonly answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const response = await this.#omen.answer(request)
    response.headers['x-omen-mode'] = this.#mode
    return response
  }

  /** Opens the port, once. Resolves with the address. */
  async open(port: number): Promise<string> {
    const { answer, bodySizes, passage } = this.#omen
    this.#gate ??= openGate(
      { host: '127.0.0.1', port },
      answer,
      { 'x-omen-mode': this.#mode },
      passage,
      bodySizes,
      this.#terms,
    )
    const gate = await this.#gate
    this.#url = gate.url
    this.#omen.servesAt(gate)
    return gate.url
  }

  async close(): Promise<void> {
    const gate = await this.#gate?.catch(() => undefined)
    await gate?.close()
  }
}

/** The seed, ready to be planted; its reader is loaded only if there is a seed. */
async function prepareSeed(seed: Seed | string | undefined, server: SeedServer) {
  if (seed === undefined) return undefined
  const { plantSeeds, readSeedFiles, readSeedObject } = await import('./seed/index.ts')
  const read =
    typeof seed === 'string' ? readSeedFiles([seed], server) : [readSeedObject(seed, process.cwd())]
  return (omen: Omen) => plantSeeds(read, omen)
}

function credentialsOf(key: PlainKey): ClientCredentials {
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey }
}
