import type { Mode } from './base/index.ts'
import { assert, parseAccountId, ShiftedClock, seededRandom, systemRandom } from './base/index.ts'
import { folderTarget, type TrailTarget } from './delivery/index.ts'
import type { Quotas } from './directory/index.ts'
import { type FirstKeys, Omen, openGate, type PlainKey } from './gate/index.ts'
import type { UpstreamOptions } from './guard/index.ts'
import { servedApis } from './services/index.ts'
import { openSqliteStore } from './store/index.ts'

/** How a house in process is made. Everything may be left out. */
export interface CreateOmenOptions {
  /** Twelve digits. Default `123456789012`. */
  readonly account?: string
  /** Default `enforce`. */
  readonly mode?: Mode
  /** The same ids, keys and tokens for the same seed, so that a run can be repeated. Left out: chance. */
  readonly seed?: string
  /** When it is now, in milliseconds since the epoch; it runs on from there. Default: the machine's time. */
  readonly now?: number
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number
  /** Whether IAM's denials end with an authorization id, as AWS's do in its preview. Default: they do not. */
  readonly authorizationIds?: boolean
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
  /** Where calls go that the house does not answer, once they are authorised: another AWS-compatible endpoint. */
  readonly upstream?: UpstreamOptions
  /** Services of the house's own that go there as well, for example `['ec2', 'lambda']`. */
  readonly forward?: readonly string[]
  /** Told of errors that no caller caused. Default: thrown when the house is closed. */
  readonly complain?: (error: unknown, requestId: string) => void
}

/** Credentials as every AWS SDK takes them. */
export interface ClientCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Whose hand a client has: the first start's keys, or any credentials. */
export type As = 'root' | 'admin' | ClientCredentials

/** The options that an AWS SDK for JavaScript client needs to talk to the house. */
export interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly credentials: ClientCredentials
}

/** A house in process. Close it, or declare it with `await using`. */
export interface RunningOmen extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  readonly account: string
  readonly keys: FirstKeys
  /** Moves time on for the whole house. */
  readonly clock: ShiftedClock
  /** The house itself, for tests that look inside. */
  readonly omen: Omen
  /** Plain client options: `new STSClient(omen.clientConfig('admin'))`. */
  clientConfig(as?: As): ClientOptions
  /** A client of any AWS SDK for JavaScript class; it is destroyed with the house. */
  client<C extends { destroy(): void }>(Client: new (options: ClientOptions) => C, as?: As): C
  /** The metadata endpoint of a running instance of the first account: AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  metadataOf(instanceId: string): Promise<string>
  /** Back to the first start. */
  reset(): Promise<void>
  close(): Promise<void>
}

/**
 * The whole house in process, for tests: the same code as `omen start`, on a free port of loopback.
 *
 * ```ts
 * await using omen = await createOmen()
 * const sts = omen.client(STSClient, 'admin')
 * await sts.send(new GetCallerIdentityCommand({}))
 * ```
 */
export async function createOmen(options: CreateOmenOptions = {}): Promise<RunningOmen> {
  const account = parseAccountId(options.account ?? '123456789012')
  assert(account !== undefined, 'an account has twelve digits')
  const random = options.seed === undefined ? systemRandom : seededRandom(options.seed)
  const clock = new ShiftedClock()
  if (options.now !== undefined) clock.set(options.now)
  const failures: unknown[] = []
  const complain = options.complain ?? ((error: unknown) => failures.push(error))
  const mode = options.mode ?? 'enforce'
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
    mode,
    version: 'in process',
    clock,
    random,
    complain,
    ...(trailTarget === undefined ? {} : { trailTarget }),
    authorizationIds: options.authorizationIds === true,
    ...(options.retentionDays === undefined ? {} : { retentionDays: options.retentionDays }),
    ...(options.retentionBytes === undefined ? {} : { retentionBytes: options.retentionBytes }),
    ...(options.quotas === undefined ? {} : { quotas: options.quotas }),
  })
  const address = { host: '127.0.0.1', port: options.port ?? 0 }
  const gate = await openGate(address, omen.answer, { 'x-omen-mode': mode }, omen.passage)
  omen.servesAt(gate.url)
  const clients: { destroy(): void }[] = []
  const clientConfig = (as: As = 'admin'): ClientOptions => ({
    endpoint: gate.url,
    region: 'us-east-1',
    credentials: typeof as === 'string' ? credentialsOf(omen.firstKeys[as]) : as,
  })
  let closing: Promise<void> | undefined
  const close = async () => {
    for (const client of clients) client.destroy()
    await omen.stopFunctions()
    await gate.close()
    await omen.close()
    if (failures.length > 0) throw new AggregateError(failures, 'the house failed while it ran')
  }
  const closeOnce = () => {
    closing ??= close()
    return closing
  }
  return {
    endpoint: gate.url,
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
    metadataOf: (instanceId) => omen.workload.metadataOf(account, instanceId),
    reset: () => omen.reset(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}

function credentialsOf(key: PlainKey): ClientCredentials {
  return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey }
}
