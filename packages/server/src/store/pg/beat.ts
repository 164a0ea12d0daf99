import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../base/index.ts'
import { StoreUnavailable } from '../types.ts'
import type { Link } from './link.ts'
import { newestVersion } from './schema.ts'
import type { ServerTables } from './server-tables.ts'

/** How often a node beats, how old its last acknowledged beat may be, and how long a call waits for one, in milliseconds. */
const beats = { every: 1_000, most: 5_000, wait: 2_000 } as const

/** The connections of a node, which must reach the database that acknowledges its beats. */
export interface BeatLinks {
  /** The one whose answers decide what a call may rest on. */
  readonly asks: Link
  /** Others that an old primary would answer. */
  readonly others: readonly Link[]
  readonly all: readonly Link[]
}

/**
 * The sign of life of a node: a write every second. It shows others that the node lives, and the node that its database
 * still accepts writes. An old primary that was cut off from its synchronous standby still answers questions, but it
 * acknowledges no write; what it answers may be of the past.
 *
 * An address may lead new connections to a new primary, while older ones stay with the old one. So a beat counts if the
 * connection for questions sees it.
 */
export class Beat {
  readonly #server: ServerTables
  readonly #clock: Clock
  readonly #links: BeatLinks
  readonly #timer: NodeJS.Timeout
  #at: number
  #least = 0
  #epoch: string | undefined
  readonly #onReset: () => void
  #beating: Promise<void> | undefined

  /** @param onReset is called when another node may have emptied the database */
  constructor(server: ServerTables, clock: Clock, links: BeatLinks, onReset: () => void) {
    this.#server = server
    this.#onReset = onReset
    this.#links = links
    this.#clock = clock
    this.#at = clock.now()
    this.#timer = setInterval(() => void this.#next(), beats.every)
    this.#timer.unref()
    void this.#next() // what is stored from now on is of the database as this beat finds it
  }

  /** Returns why the node must not answer, or undefined. */
  get failure(): string | undefined {
    if (this.#least > newestVersion)
      return `the schema was changed by a newer Omen (it needs ${this.#least}; this one knows ${newestVersion})`
    const age = this.#clock.now() - this.#at
    return age > beats.most || age < 0
      ? 'PostgreSQL has not acknowledged a write of this node for some seconds'
      : undefined
  }

  /**
   * Makes sure that the node may answer. A node that was busy or paused beats first.
   * @throws StoreUnavailable if it must not answer
   */
  async check(): Promise<void> {
    if (this.failure === undefined) return
    await Promise.race([this.#next(), sleep(beats.wait, undefined, { ref: false })])
    const { failure } = this
    if (failure !== undefined) throw new StoreUnavailable(failure)
  }

  /** Ends the beats. Others need not wait until the node is taken for dead. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#server.leave().catch(() => {}) // others take a node without beats for dead
  }

  /** Beats, one at a time: the row of the node then holds the beat that is looked for. */
  #next(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined
    })
    return this.#beating
  }

  async #beat(): Promise<void> {
    const { asks, others } = this.#links
    const sent = this.#clock.now()
    try {
      const { least, beat, epoch } = await this.#server.beat()
      this.#least = least
      if (this.#epoch !== undefined && this.#epoch !== epoch) this.#onReset()
      this.#epoch = epoch
      for (const link of others) void this.#compare(link, beat).catch(() => {}) // it is compared again in a second
      if (await this.#compare(asks, beat)) this.#at = Math.max(this.#at, sent)
    } catch {
      // `failure` notices that beats are missing
    }
  }

  /** Returns whether a connection sees a beat. If it does not, it reaches another database: all are opened again. */
  async #compare(link: Link, beat: string): Promise<boolean> {
    const { life } = link
    const isLate = link !== this.#links.asks
    // the next beat waits for the answer of `asks`, and not for those of others
    if (await this.#server.isSeen(beat, isLate, link)) return true
    // unless the row was changed from outside
    if (link.life === life && (await this.#server.isSeen(beat, isLate)))
      for (const each of this.#links.all)
        each.renew('it reached another database than the beats of this node')
    return false
  }
}
