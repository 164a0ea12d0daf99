import { callerArn, type Dependencies, hypotheticalCall } from '../authorization/index.ts'
import { endpointVariables, factsOf } from '../base/index.ts'
import type { SignedCaller } from '../session/index.ts'
import type { ClientCredentials, FetchOptions, InProcess } from './in-process.ts'

/** The options that a client of the AWS SDK for JavaScript (v3) needs to call Omen. */
export interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly credentials: ClientCredentials
  /** Answers within the process; absent if the server listens on a port. */
  readonly requestHandler?: InProcess['handler']
  /** The difference between Omen's clock and the machine's, in milliseconds. */
  readonly systemClockOffset?: number
}

/** The parts of its server that an identity needs. */
export interface IdentityServer {
  readonly deps: Dependencies
  readonly inProcess: InProcess
  clientOptions(credentials: ClientCredentials): ClientOptions
  /** Opens the port if none is open. Resolves with `http://127.0.0.1:PORT`. */
  listen(): Promise<string>
}

/** An identity's credentials, and the calls that they make. */
export class Identity {
  readonly credentials: ClientCredentials
  readonly #of: IdentityServer
  readonly #name: string

  constructor(name: string, credentials: ClientCredentials, of: IdentityServer) {
    this.#name = name
    this.credentials = credentials
    this.#of = of
  }

  /** Options for any client of the AWS SDK for JavaScript: `new IAMClient(identity.options)`. */
  get options(): ClientOptions {
    return this.#of.clientOptions(this.credentials)
  }

  /** The caller's ARN; for a role, its session's. */
  get arn(): string {
    return callerArn(this.call()) ?? this.#name
  }

  /**
   * The standard `fetch`, signed with the credentials and answered by Omen. An address without a host is a path of the
   * server; the service is read from the host, otherwise name it: `fetch(url, { service: 'iam' })`.
   */
  readonly fetch = (input: string | URL | Request, options: FetchOptions = {}): Promise<Response> =>
    this.#of.inProcess.send(input, options, this.credentials)

  /** Returns environment variables for a process that calls Omen; opens the port. */
  async env(): Promise<Readonly<Record<string, string>>> {
    const endpoint = await this.#of.listen()
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials
    const region = factsOf(this.#of.deps.partition).globalRegion
    return {
      ...endpointVariables(endpoint),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    }
  }

  /**
   * Returns a call as if it were made now, for questions without a request. @throws Error if the credentials are no
   * longer valid
   */
  call() {
    const { deps } = this.#of
    const caller = this.#caller()
    const account = deps.directory.loaded(caller.account)
    if (account === undefined) throw new Error(`the account ${caller.account} of ${this.#name} is gone`)
    const origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }
    return hypotheticalCall(caller, account, deps, origin)
  }

  /** The name from the test: `role/deployer`. */
  toString(): string {
    return this.#name
  }

  #caller(): SignedCaller {
    const { credentials, directory, clock } = this.#of.deps
    const { accessKeyId, sessionToken } = this.credentials
    const id = credentials.accountOf(accessKeyId)
    const account = id && directory.loaded(id)
    const found = account && credentials.find(account, accessKeyId, sessionToken, clock.now())
    if (found === undefined || typeof found === 'string')
      throw new Error(`the credentials of ${this.#name} are not valid now: ${found ?? 'unknownKey'}`)
    return found.caller
  }
}
