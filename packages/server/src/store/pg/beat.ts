import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../base/index.ts'
import { StoreUnavailable } from '../types.ts'
import type { HouseTables } from './house.ts'
import { newestVersion } from './schema.ts'

/** How often a node beats, how old its last acknowledged beat may be, and how long a call waits for one, in milliseconds. */
const beats = { every: 1_000, most: 5_000, wait: 2_000 } as const

/**
 * The sign of life of a node: a write every second. It shows others that the node lives, and the node that its database
 * still accepts writes. An old primary that was cut off from its synchronous standby still answers questions, but it
 * acknowledges no write; what it answers may be of the past.
 */
export class Beat {
  readonly #house: HouseTables
  readonly #clock: Clock
  readonly #timer: NodeJS.Timeout
  #at: number
  #least = 0
  #beating: Promise<void> | undefined

  constructor(house: HouseTables, clock: Clock) {
    this.#house = house
    this.#clock = clock
    this.#at = clock.now()
    this.#timer = setInterval(() => void this.#beat(), beats.every)
    this.#timer.unref()
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
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined
    })
    await Promise.race([this.#beating, sleep(beats.wait, undefined, { ref: false })])
    const { failure } = this
    if (failure !== undefined) throw new StoreUnavailable(failure)
  }

  /** Ends the beats. Others need not wait until the node is taken for dead. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#house.leave().catch(() => {}) // others take a node without beats for dead
  }

  async #beat(): Promise<void> {
    const sent = this.#clock.now()
    try {
      this.#least = await this.#house.beat()
      this.#at = Math.max(this.#at, sent)
    } catch {
      // `failure` notices that beats are missing
    }
  }
}
