import type { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import { type AccountId, Secret } from '../base/index.ts'
import type { Signer } from '../wire/sigv4/index.ts'
import { guardLimits } from './limits.ts'
import { PassingBodies } from './passing.ts'

/** The endpoint to which the guard forwards calls. */
export interface UpstreamOptions {
  /** `http://127.0.0.1:5000`; no path. */
  readonly url: string
  /** The key that the upstream accepts. Default `test`, `test`, as emulators accept it. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  /** Whether the access key id is the caller's account number: some emulators separate accounts in this way. */
  readonly accountKey?: boolean
  /** Whether S3's signatures of version 2 are taken, as boto3 makes presigned URLs. Default: they are. */
  readonly sigv2?: boolean
  /**
   * Services that may act on other services with permissions that are not checked, such as `cloudformation`; `all`
   * means all of them. Default: none.
   */
  readonly unchecked?: readonly string[]
  /** Whether the upstream gets the users, roles and policies that Omen has. Default: it does, if it keeps an IAM. */
  readonly sharedIam?: boolean
  /** Further paths by which the upstream is emptied: they pass for root and admin. */
  readonly passes?: readonly string[]
  /**
   * Whether Omen takes over what only the upstream's IAM has, at the start and when a role is asked for that Omen does
   * not have. Anyone with direct access to the upstream can then create anything in Omen. Default: it does not.
   */
  readonly sync?: boolean
  /** Milliseconds that the upstream may keep silent. Default two minutes. */
  readonly silence?: number
  /**
   * Milliseconds for which what the upstream says of its resources is remembered. Default: a minute, or not at all if several nodes
   * share the store: another node may forward a change.
   */
  readonly rememberedFor?: number
}

/** A request as it is sent to the upstream, without its body. */
export interface UpstreamRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** The endpoint behind the guard. */
export class Upstream {
  /** Host and port as its Host header has them. */
  readonly host: string
  readonly origin: string
  readonly secure: boolean
  /** Milliseconds for which its answers are remembered. */
  readonly rememberedFor: number
  /** The bodies that hold connections. */
  readonly passing = new PassingBodies()
  readonly #silence: number
  readonly #pool: Pool
  readonly #accessKeyId: string
  readonly #secret: Secret
  readonly #accountKey: boolean

  /** @param disconnected called after each connection that ended @throws TypeError if the URL is not an endpoint */
  constructor(options: UpstreamOptions, disconnected: () => void = () => {}) {
    const url = endpointOf(options.url)
    this.host = url.host
    this.origin = url.origin
    this.secure = url.protocol === 'https:'
    this.rememberedFor = options.rememberedFor ?? guardLimits.rememberedFor
    this.#silence = options.silence ?? guardLimits.upstreamSilence
    this.#pool = new Pool(url.origin, {
      connections: guardLimits.connections,
      pipelining: 1,
      connectTimeout: guardLimits.upstreamConnect,
      maxHeaderSize: guardLimits.answerHeaders,
    })
    this.#pool.on('disconnect', disconnected)
    this.#accessKeyId = options.accessKeyId ?? 'test'
    this.#secret = new Secret(options.secretAccessKey ?? 'test')
    this.#accountKey = options.accountKey === true
  }

  /** Whether the upstream keeps accounts apart by their numbers. */
  get separatesAccounts(): boolean {
    return this.#accountKey
  }

  /** The credentials that sign an account's requests. */
  signer(account: AccountId, region: string, service: string): Signer {
    return {
      accessKeyId: this.#accountKey ? account : this.#accessKeyId,
      secret: this.#secret,
      region,
      service,
    }
  }

  /** Sends a request; `handler` receives its progress. */
  send(
    { method, path, headers }: UpstreamRequest,
    body: Uint8Array | Readable | null,
    handler: Dispatcher.DispatchHandler,
  ): void {
    const timeouts = { headersTimeout: this.#silence, bodyTimeout: this.#silence }
    const verb = method as Dispatcher.HttpMethod // any token is a method
    this.#pool.dispatch({ method: verb, path, headers, body, ...timeouts }, handler)
  }

  /** Returns why nothing answers at the endpoint, if so: a refusal is an answer; and whether an Omen there has a test clock. */
  async reached(): Promise<{ readonly silentBecause?: string; readonly testClock?: true }> {
    const patience = { headersTimeout: guardLimits.upstreamConnect, bodyTimeout: guardLimits.upstreamConnect }
    try {
      const { body, headers } = await this.#pool.request({ method: 'HEAD', path: '/', ...patience })
      await body.dump()
      return headers['x-omen-clock'] === 'test' ? { testClock: true } : {}
    } catch (error) {
      return { silentBecause: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Ends connections that wait. */
  close(): Promise<void> {
    return this.#pool.close()
  }
}

function endpointOf(text: string): URL {
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError('it takes http:// or https://')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw new TypeError('it takes no path')
  if (url.username !== '' || url.password !== '') throw new TypeError('it takes no user name')
  return url
}
