import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../store/fixture.ts'
import {
  type CutProxy,
  openCutProxy,
  type Postgres,
  promote,
  startPostgres,
  startStandby,
} from '../support/index.ts'
import { Journal } from './journal.ts'
import { RealNode } from './real-node.ts'

/** A standby follows within moments when its primary is back. */
const standbySettings = { wal_retrieve_retry_interval: '100ms' } as const

/**
 * PostgreSQL with a synchronous standby, and three nodes: one that knows both members, one behind a wire that can be cut,
 * and one whose clock is two minutes ahead.
 */
export class RealCluster {
  /** The folder that trails deliver to. */
  readonly trailFolder: string
  /** The address of the store. */
  readonly store: string
  readonly proxy: CutProxy
  /** What happened since the last history began. */
  readonly journal = new Journal()
  readonly #folder: string
  #nodes: readonly RealNode[]
  #victim: RealNode | undefined
  /** The member that accepts writes, and the one that follows it, with the names of their places. */
  #primary: { readonly server: Postgres; readonly place: string }
  #standby: { readonly server: Postgres; readonly place: string } | undefined

  private constructor(folder: string, primary: Postgres, proxy: CutProxy) {
    this.#folder = folder
    this.trailFolder = join(folder, 'trails')
    // places keep their address when another server takes one
    const [one, two] = ['one', 'two'].map((name) => join(folder, name))
    symlinkSync(primary.socket, one!)
    this.#primary = { server: primary, place: one! }
    this.proxy = proxy
    this.store = `postgres://postgres@/postgres?host=${one},${two}`
    const args = ['--trail-folder', this.trailFolder, '--drain-seconds', '1', '--run-functions', 'unconfined']
    const behind = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
    const modules = ['fast-jobs.mjs', ...(process.env.OMEN_SOAK === undefined ? ['no-watch.mjs'] : [])]
    const { journal } = this
    this.#nodes = [
      new RealNode({ name: 'a', store: this.store, args, modules, journal }),
      new RealNode({ name: 'b', store: behind, args, modules, journal }),
      new RealNode({ name: 'c', store: this.store, args, modules: [...modules, 'clock-ahead.mjs'], journal }),
    ]
  }

  static async open(): Promise<RealCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'omen-cluster-'))
    const primary = await startPostgres()
    let cluster: RealCluster | undefined
    const proxy = await openCutProxy(() => `${cluster?.primary.socket ?? primary.socket}/.s.PGSQL.5432`)
    cluster = new RealCluster(folder, primary, proxy)
    try {
      await Promise.all([cluster.#follow(join(folder, 'two')), ...cluster.nodes.map((node) => node.start())])
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
    return cluster
  }

  get nodes(): readonly RealNode[] {
    return this.#nodes
  }

  get primary(): Postgres {
    return this.#primary.server
  }

  /** Nodes that run, one of them by chance. */
  any(random: () => number): RealNode {
    const up = this.nodes.filter(({ isUp }) => isUp)
    return up[Math.floor(random() * up.length)]! // some node runs in every fault
  }

  /** The node that has the lease of a job; undefined if none of them has it now. */
  holderOf(job: string): RealNode | undefined {
    const name = this.primary.sql(
      `SELECT n.name FROM omen.leases l JOIN omen.nodes n ON n.id = l.holder WHERE job = '${job}'`,
    )
    return this.nodes.find((node) => node.name === name && node.isUp)
  }

  /** The node that is killed next: the one that delivers trails, if one does. */
  nextVictim(): RealNode {
    this.#victim ??= this.holderOf('history') ?? this.nodes[0]! // a cluster has nodes
    return this.#victim
  }

  /** Kills a node and starts it again. */
  async kill(): Promise<void> {
    const node = this.nextVictim()
    this.#victim = undefined
    await node.stop('SIGKILL')
    await sleep(200)
    await node.start()
  }

  /** Starts a node of the next release beside another one, and then stops that as a supervisor does. */
  async upgrade(old: RealNode): Promise<void> {
    const { options } = old
    const next = new RealNode({
      ...options,
      name: `${options.name}2`,
      modules: [...options.modules, 'next-release.mjs'],
    })
    await next.start()
    this.#nodes = [...this.nodes, next]
    await until(() => next.isReady(), 30_000)
    await old.stop('SIGTERM')
    this.#nodes = this.nodes.filter((node) => node !== old)
    await old[Symbol.asyncDispose]()
  }

  /** Waits until every node wants calls. */
  async ready(): Promise<void> {
    let waiting: readonly string[] = []
    await until(async () => {
      const asked = await Promise.all(
        this.nodes.map(async (node) => ({ node, isReady: await node.isReady() })),
      )
      waiting = asked.filter(({ isReady }) => !isReady).map(({ node }) => node.name)
      return waiting.length === 0
    }, 30_000).catch((cause) => {
      throw new Error(`not ready: ${waiting}`, { cause })
    })
    this.journal.note('all nodes are ready')
  }

  /** Kills the primary and promotes the standby. With `rejoin`, a new standby takes the place of the old primary. */
  async failOver({ rejoin }: { readonly rejoin: boolean }): Promise<void> {
    const [old, next] = [this.#primary, this.#standby]
    if (next === undefined) throw new Error('there is no standby')
    this.journal.note('the primary is killed, its standby promoted')
    await old.server.stop('kill')
    this.#primary = next
    this.#standby = undefined
    promote(next.server)
    this.journal.note('the standby is the primary')
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
