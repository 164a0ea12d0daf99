import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FirstKeys } from '../../packages/server/src/gate/index.ts'
import type { ClientCredentials } from '../../packages/server/src/testing/index.ts'
import { type Ended, type Served, serve } from '../cli/process.ts'
import type { Journal } from './journal.ts'

/** The master key of the nodes of a test. */
export const masterKey = '5a'.repeat(32)

/** A call that takes longer, in milliseconds, is given up: what became of it is unknown. */
const patience = 2_500

type Client = { destroy(): void }
export type ClientClass<C> = new (options: Record<string, unknown>) => C

export interface RealNodeOptions {
  readonly name: string
  /** The address of its store. */
  readonly store: string
  /** Further arguments of `omen start`. */
  readonly args: readonly string[]
  /** Files of this folder that the process loads before Omen. */
  readonly modules: readonly string[]
  /** Notes what the node writes to standard error, and when it starts and ends. */
  readonly journal?: Journal
}

/** The environment of a process that loads files of this folder before Omen. */
export function loading(modules: readonly string[]): Readonly<Record<string, string>> {
  const { TEST_MUTANT } = process.env
  const all = TEST_MUTANT === undefined ? modules : [...modules, 'mutant.mjs']
  const options = all.map((name) => `--import ${fileURLToPath(new URL(name, import.meta.url))}`)
  return {
    NODE_OPTIONS: options.join(' '),
    ...(TEST_MUTANT === undefined ? {} : { TEST_MUTANT }),
  }
}

/** A node as operators run it: a process of `omen start --store` with a port of its own. */
export class RealNode {
  readonly name: string
  readonly options: RealNodeOptions
  readonly #home: string
  readonly #clients = new Map<string, Client>()
  #served: Served | undefined

  constructor(options: RealNodeOptions) {
    this.name = options.name
    this.options = options
    this.#home = mkdtempSync(join(tmpdir(), `omen-${options.name}-`))
  }

  get url(): string {
    return this.#running.url
  }

  get keys(): FirstKeys {
    return this.#running.keys
  }

  get isUp(): boolean {
    return this.#served !== undefined
  }

  get #running(): Served {
    if (this.#served === undefined) throw new Error(`${this.name} does not run`)
    return this.#served
  }

  /** Starts the process, at another port each time, and waits until it answers. */
  async start(): Promise<void> {
    const { name, store, args, modules } = this.options
    const own = ['--store', store, '--node-name', name, ...args]
    this.#served = await serve(this.#home, own, { OMEN_MASTER_KEY: masterKey, ...loading(modules) })
    const { journal } = this.options
    journal?.note(`${name} has started: process ${this.#served.child.pid}, ${this.#served.url}`)
    this.#served.child.stderr?.on('data', (text: string) =>
      journal?.note(`${name} writes: ${text.trimEnd()}`),
    )
  }

  signal(signal: NodeJS.Signals): void {
    this.options.journal?.note(`${this.name} gets ${signal}`)
    this.#running.child.kill(signal)
  }

  /** Ends the process and waits until it has ended. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended> {
    const served = this.#running
    this.options.journal?.note(`${this.name} gets ${signal}`)
    const ended = await served.stop(signal)
    if (this.#served === served) this.#served = undefined
    for (const client of this.#clients.values()) client.destroy()
    this.#clients.clear()
    return ended
  }

  /** Whether a load balancer would send calls here. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/_omen/ready`, { signal: AbortSignal.timeout(patience) })).ok
    } catch {
      return false
    }
  }

  /** A client that waits for its answers, for what is looked at when all faults are over. */
  patientClient<C extends Client>(Class: ClientClass<C>): C {
    return this.#client(Class, undefined, { requestTimeout: 60_000 }, 3)
  }

  /** A client of an AWS SDK class that tries once, as admin or with other credentials. */
  client<C extends Client>(Class: ClientClass<C>, as?: ClientCredentials): C {
    const requestHandler = {
      requestTimeout: patience,
      throwOnRequestTimeout: true,
      connectionTimeout: 1_000,
    }
    return this.#client(Class, as, requestHandler, 1)
  }

  #client<C extends Client>(
    Class: ClientClass<C>,
    as: ClientCredentials | undefined,
    requestHandler: object,
    maxAttempts: number,
  ): C {
    const { accessKeyId, secretAccessKey } = this.keys.admin
    const credentials = as ?? { accessKeyId, secretAccessKey }
    const name = `${this.url} ${Class.name} ${credentials.accessKeyId} ${maxAttempts}`
    const known = this.#clients.get(name)
    if (known !== undefined) return known as C // of this class, by its name
    const made = new Class({
      endpoint: this.url,
      region: 'us-east-1',
      credentials,
      requestHandler,
      maxAttempts,
    })
    this.#clients.set(name, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isUp) {
      this.signal('SIGCONT')
      await this.stop('SIGKILL')
    }
    rmSync(this.#home, { recursive: true, force: true })
  }
}
