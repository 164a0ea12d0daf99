import { setTimeout as sleep } from 'node:timers/promises'
import type { Dependencies } from '../authorization/index.ts'
import { Notice } from '../base/index.ts'
import {
  Deliverer,
  Lake,
  type LakePlace,
  LogGroups,
  type TrailTarget,
  undelivered,
} from '../delivery/index.ts'
import type { LeaseToken, Store } from '../store/index.ts'
import { limits } from './http/limits.ts'
import { everyMinute } from './minute.ts'

/** So long CloudTrail keeps its event history (behaviour TRL-62). */
export const retentionDays = 90

const day = 86_400_000
/** Old events are looked for so often, in milliseconds. */
const forgetEvery = 3_600_000

/** The silence of the node that delivers after which another one delivers, in milliseconds. */
const leaseMilliseconds = 150_000

/** Denials are kept so long, in milliseconds (behaviour RSN-11). */
const denialsKept = day

/** The limits of kept events: their age and their bytes. */
export interface Retention {
  readonly days: number
  /** If absent, as many as there is room for. */
  readonly bytes: number | undefined
}

/** The life of events: trails deliver them, and in the end they are deleted. */
export class History {
  readonly #deps: Dependencies
  readonly #store: Store
  readonly #retention: Retention
  readonly #deliverer: Deliverer | undefined
  readonly #lake: Lake | undefined
  readonly #logGroups: LogGroups | undefined
  readonly #complain: (error: unknown) => void
  readonly #end: () => void
  #undelivered = 0
  #forgotAt = Number.NEGATIVE_INFINITY
  #lease: LeaseToken | undefined

  constructor(
    parts: {
      readonly deps: Dependencies
      readonly store: Store
      readonly target: TrailTarget | undefined
      readonly lake: LakePlace | undefined
      readonly retention: Retention
    },
    complain: (error: unknown) => void,
  ) {
    const { deps, store, target, lake } = parts
    this.#deps = deps
    this.#store = store
    this.#retention = parts.retention
    this.#complain = complain
    const { directory, clock, random, vault } = deps
    const flush = () => deps.recorder.flush()
    const { trailUpstream: upstream } = deps
    this.#deliverer =
      target && new Deliverer({ store, directory, clock, random, vault, flush, target, upstream })
    this.#logGroups = upstream && new LogGroups({ store, directory, clock, flush, upstream })
    this.#lake = lake && new Lake({ ...lake, store, clock, flush })
    this.#end = everyMinute(async () => {
      await deps.recorder.takeOver()
      if (!(await this.#isMine())) return
      // events that trails cannot deliver must not fill the disk
      await this.#logGroups?.tick().catch(complain)
      await this.#deliverer?.tick().catch(complain)
      await this.#lake?.tick().catch(complain)
      await this.#forget()
    }, complain)
  }

  /** Deliveries that trails can make no more, since the start: their events were forgotten before. */
  get undelivered(): number {
    return this.#undelivered
  }

  /** The lag of the trail that is most behind, in seconds; undefined without trails. */
  get lagSeconds(): number | undefined {
    const trail = this.#deliverer?.lagSeconds
    return this.#lake === undefined ? trail : Math.max(trail ?? 0, this.#lake.lagSeconds)
  }

  /** Delivers the events of trails. Rejects only for errors of Omen itself, and if the store fails. */
  async deliver(): Promise<void> {
    // log groups first: what the bucket has, the trail forgets
    await this.#logGroups?.deliver()
    await this.#deliverer?.deliver()
    await this.#lake?.deliver()
  }

  /** Delivers a last time: a stopping server leaves nothing waiting, unless the target takes too long. */
  async close(): Promise<void> {
    this.#end()
    const delivered = this.#deliverLast().catch(this.#complain)
    await Promise.race([delivered, sleep(limits.lastDelivery, undefined, { ref: false })])
    // another node need not wait until it is over
    if (this.#lease !== undefined) await this.#store.release(this.#lease).catch(this.#complain)
  }

  /** Of several nodes, one delivers and forgets: another follows when its lease is over. */
  async #isMine(): Promise<boolean> {
    this.#lease = await this.#store.lease('history', leaseMilliseconds)
    return this.#lease !== undefined
  }

  async #deliverLast(): Promise<void> {
    if ((this.#deliverer ?? this.#lake ?? this.#logGroups) !== undefined && (await this.#isMine()))
      await this.deliver()
  }

  /**
   * Deletes events that are too old or too many, and counts and reports those that trails have not delivered
   * (behaviour TRL-55).
   */
  async #forget(): Promise<void> {
    const now = this.#deps.clock.now()
    if (now >= this.#forgotAt && now < this.#forgotAt + forgetEvery) return
    this.#forgotAt = now
    try {
      await this.deliver().catch(this.#complain)
      await this.#forgetBefore(now)
    } catch (error) {
      this.#forgotAt = Number.NEGATIVE_INFINITY // the next minute tries again
      throw error
    }
  }

  async #forgetBefore(now: number): Promise<void> {
    const { days, bytes } = this.#retention
    const upTo = bytes === undefined ? undefined : await this.#store.eventsBeyond(bytes)
    const forgetting = { before: now - days * day, ...(upTo === undefined ? {} : { upTo }) }
    const ofTrails = await undelivered(forgetting, this.#store, this.#deps.directory)
    const lost = ofTrails + ((await this.#lake?.undelivered(forgetting)) ?? 0)
    await this.#store.forgetEvents(forgetting)
    await this.#store.forgetDenials(now - denialsKept)
    if (lost === 0) return
    this.#undelivered += lost
    this.#complain(new Notice(`${lost} events were forgotten before trails had delivered them`))
  }
}
