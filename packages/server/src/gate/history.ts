import type { House } from '../authorization/index.ts'
import { Deliverer, type TrailTarget } from '../delivery/index.ts'
import type { Store } from '../store/index.ts'
import { everyMinute } from './minute.ts'

/** So long CloudTrail keeps its event history (behaviour TRL-62). */
export const retentionDays = 90

const day = 86_400_000
/** Old events are looked for so often, in milliseconds. */
const forgetEvery = 3_600_000

/** What becomes of events: trails deliver them, and in the end they are forgotten. */
export class History {
  readonly #house: House
  readonly #store: Store
  readonly #days: number
  readonly #deliverer: Deliverer | undefined
  readonly #complain: (error: unknown) => void
  readonly #end: () => void
  #forgotAt = Number.NEGATIVE_INFINITY

  constructor(
    parts: {
      readonly house: House
      readonly store: Store
      readonly target: TrailTarget | undefined
      readonly days: number
    },
    complain: (error: unknown) => void,
  ) {
    const { house, store, target } = parts
    this.#house = house
    this.#store = store
    this.#days = parts.days
    this.#complain = complain
    const { directory, clock, random, vault } = house
    const flush = () => house.recorder.flush()
    this.#deliverer = target && new Deliverer({ store, directory, clock, random, vault, flush, target })
    this.#end = everyMinute(async () => {
      await this.#deliverer?.tick()
      await this.#forget()
    }, complain)
  }

  /** Delivers what trails have logged. Rejects only for our own mistakes, and for a store that fails. */
  async deliver(): Promise<void> {
    await this.#deliverer?.deliver()
  }

  /** Delivers a last time: a house that stops leaves nothing waiting. */
  async close(): Promise<void> {
    this.#end()
    await this.deliver().catch(this.#complain)
  }

  async #forget(): Promise<void> {
    const now = this.#house.clock.now()
    if (now >= this.#forgotAt && now < this.#forgotAt + forgetEvery) return
    this.#forgotAt = now
    await this.#store.forgetEvents({ before: now - this.#days * day })
  }
}
