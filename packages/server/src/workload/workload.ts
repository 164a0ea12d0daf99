import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, fault, keepLatest } from '../base/index.ts'
import { Containers } from './containers.ts'
import type { WorkloadSession } from './credential-cache.ts'
import { type Listener, listen } from './listener.ts'
import { Metadata } from './metadata.ts'

/** The most instances that may have an address at once: each has a port of its own. */
const mostInstances = 1_000

/** The environment of a container's program. */
export interface ContainerCredentials {
  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly uri: string
  /** For AWS_CONTAINER_AUTHORIZATION_TOKEN. */
  readonly token: string
  /** Ends it: no more credentials are handed out. */
  release(): void
}

interface Open {
  readonly metadata: Metadata
  readonly listener: Promise<Listener>
}

/**
 * Delivers credentials to whatever assumes a role. Every instance has an address of its own, opened on first use, because
 * SDKs identify their metadata service by host and port alone. Containers share one address, and each has a path and a
 * token.
 */
export class Workload {
  readonly #deps: Dependencies
  /** By account and instance. */
  readonly #instances = new Map<string, Open>()
  /** The roles of instances that were started or requested, by account and instance. */
  readonly #metadata = new Map<string, Metadata>()
  readonly #containers: Containers
  #containerListener: Promise<Listener> | undefined
  #closed = false

  constructor(deps: Dependencies) {
    this.#deps = deps
    this.#containers = new Containers(deps)
  }

  /**
   * Returns the address of an instance's metadata service, for AWS_EC2_METADATA_SERVICE_ENDPOINT. It ends with a slash
   * because AWS CLI v2 appends its paths directly. @throws Fault InvalidInstanceID.NotFound if there is no such
   * instance
   */
  async metadataOf(accountId: AccountId, instanceId: string): Promise<string> {
    const key = `${accountId} ${instanceId}`
    const metadata = this.#metadataOf(accountId, instanceId)
    if (!(await metadata.alive())) {
      await this.#drop(key)
      throw fault('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`, 400)
    }
    return `${(await this.#open(key, metadata)).url}/`
  }

  /** Assumes the roles of instances that have just started, as EC2 does (behaviour WKL-22). */
  async instancesStarted(accountId: AccountId, instanceIds: readonly string[]): Promise<void> {
    await Promise.all(instanceIds.map((id) => this.#metadataOf(accountId, id).putOn()))
  }

  #metadataOf(accountId: AccountId, instanceId: string): Metadata {
    const key = `${accountId} ${instanceId}`
    const metadata = this.#metadata.get(key) ?? new Metadata(this.#deps, accountId, instanceId)
    keepLatest(this.#metadata, key, metadata, mostInstances)
    return metadata
  }

  /**
   * Returns an address and a token with which one container gets the role's credentials, in ECS's form and, at
   * `/v1/credentials` of the same host, in that of EKS Pod Identity. @throws Fault NoSuchEntity if there is no such
   * role
   */
  async containerOf(roleArn: string, name: WorkloadSession): Promise<ContainerCredentials> {
    const { path, token } = await this.#containers.add(roleArn, name)
    this.#assertOpen()
    this.#containerListener ??= listen((request) => this.#containers.answer(request))
    const { url } = await this.#containerListener
    return { uri: url + path, token, release: () => this.#containers.remove(path) }
  }

  /** Closes every address. */
  async close(): Promise<void> {
    this.#closed = true
    const listeners = [...this.#instances.values()].map((open) => open.listener)
    if (this.#containerListener !== undefined) listeners.push(this.#containerListener)
    this.#instances.clear()
    this.#containerListener = undefined
    await Promise.all(listeners.map(async (listener) => (await listener).close()))
  }

  #open(key: string, metadata: Metadata): Promise<Listener> {
    this.#assertOpen()
    const known = this.#instances.get(key)
    if (known !== undefined) return known.listener
    if (this.#instances.size >= mostInstances) {
      throw fault(
        'LimitExceeded',
        `No more than ${mostInstances} instances may be asked for metadata at once.`,
        400,
      )
    }
    const listener = listen(async (request) => {
      const response = await metadata.answer(request)
      // an instance that is gone releases its address after this answer
      if (response.status === 404 && !(await metadata.alive())) this.#drop(key).catch(() => {})
      return response
    })
    this.#instances.set(key, { metadata, listener })
    listener.catch(() => this.#instances.delete(key))
    return listener
  }

  async #drop(key: string): Promise<void> {
    const open = this.#instances.get(key)
    this.#instances.delete(key)
    this.#metadata.delete(key)
    await (await open?.listener)?.close()
  }

  #assertOpen(): void {
    if (this.#closed) throw fault('ServiceUnavailable', 'The server is closing.', 503)
  }
}
