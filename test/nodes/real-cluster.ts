import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../store/fixture.ts'
import {
  type CutProxy,
  openCutProxy,
  type Postgres,
  promote,
  startPostgres,
  startStandby,
} from '../support/index.ts'
import { RealNode } from './real-node.ts'

/** How far the clock of the third node is ahead, in seconds. */
export const secondsAhead = 120

const moduleOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** With TEST_MUTANT, nodes lack a part of what keeps them together: see mutant.mjs. */
const { TEST_MUTANT } = process.env
const mutation: Readonly<Record<string, string>> =
  TEST_MUTANT === undefined
    ? {}
    : { TEST_MUTANT, NODE_OPTIONS: `--import ${moduleOf('mutant.mjs')}`, NODE_DISABLE_COMPILE_CACHE: '1' }

/** A standby follows within moments when its primary is back. */
const standbySettings = { wal_retrieve_retry_interval: '100ms' } as const

/**
 * PostgreSQL with a synchronous standby, and three nodes: one that knows both members, one behind a wire that can be cut,
 * and one whose clock is two minutes ahead.
 */
export class RealCluster {
  readonly nodes: readonly RealNode[]
  readonly proxy: CutProxy
  readonly #folder: string
  /** The member that accepts writes, and the one that follows it, with the names of their places. */
  #primary: { readonly server: Postgres; readonly place: string }
  #standby: { readonly server: Postgres; readonly place: string } | undefined

  private constructor(folder: string, primary: Postgres, proxy: CutProxy, nodes: readonly RealNode[]) {
    this.#folder = folder
    this.#primary = { server: primary, place: join(folder, 'one') }
    this.proxy = proxy
    this.nodes = nodes
  }

  static async open({
    args = [],
    environment = mutation,
  }: Pick<ConstructorParameters<typeof RealNode>[0], 'args' | 'environment'> = {}): Promise<RealCluster> {
    // places keep their address when another server takes one
    const folder = mkdtempSync(join(tmpdir(), 'omen-cluster-'))
    const places = ['one', 'two'].map((name) => join(folder, name))
    const primary = await startPostgres()
    symlinkSync(primary.socket, places[0]!)
    let cluster: RealCluster | undefined
    const proxy = await openCutProxy(() => `${cluster?.primary.socket ?? primary.socket}/.s.PGSQL.5432`)
    const store = `postgres://postgres@/postgres?host=${places.join(',')}`
    const nodes = [
      new RealNode({ name: 'a', store, args, environment }),
      new RealNode({
        name: 'b',
        store: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
        args,
        environment,
      }),
      new RealNode({
        name: 'c',
        store,
        args,
        environment: {
          ...environment,
          NODE_OPTIONS: `${environment.NODE_OPTIONS ?? ''} --import ${moduleOf('clock-ahead.mjs')}`,
          TEST_SECONDS_AHEAD: String(secondsAhead),
        },
      }),
    ]
    cluster = new RealCluster(folder, primary, proxy, nodes)
    try {
      await Promise.all([cluster.#follow(places[1]!), ...nodes.map((node) => node.start())])
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
    return cluster
  }

  get primary(): Postgres {
    return this.#primary.server
  }

  /** Nodes that run, one of them by chance. */
  any(random: () => number): RealNode {
    const up = this.nodes.filter(({ isUp }) => isUp)
    return up[Math.floor(random() * up.length)]! // some node runs in every fault
  }

  /** Waits until every node wants calls. */
  async ready(): Promise<void> {
    await until(
      async () => (await Promise.all(this.nodes.map((node) => node.isReady()))).every(Boolean),
      30_000,
    )
  }

  /** Kills the primary and promotes the standby. With `rejoin`, a new standby takes the place of the old primary. */
  async failOver({ rejoin }: { readonly rejoin: boolean }): Promise<void> {
    const [old, next] = [this.#primary, this.#standby]
    if (next === undefined) throw new Error('there is no standby')
    await old.server.stop('kill')
    this.#primary = next
    this.#standby = undefined
    promote(next.server)
    this.proxy.cut()
    await old.server[Symbol.asyncDispose]()
    unlinkSync(old.place)
    if (rejoin) await this.#follow(old.place)
  }

  /** Starts a synchronous standby at a place. */
  async #follow(place: string): Promise<void> {
    const server = await startStandby(this.primary, standbySettings)
    symlinkSync(server.socket, place)
    this.#standby = { server, place }
    this.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    this.primary.sql('SELECT pg_reload_conf()')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]()
    await this.proxy.close()
    await this.#standby?.server[Symbol.asyncDispose]()
    await this.primary[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
