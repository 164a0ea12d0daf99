import type { Clock } from '../base/index.ts'

/** The interval between deliveries, in milliseconds (behaviours TRL-80 and TRL-121). */
const interval = 300_000

/** Work that is repeated: one round at a time, and a new one when the last began long enough ago. */
export class Rounds {
  readonly #clock: Clock
  readonly #work: (now: number) => Promise<void>
  #running: Promise<void> | undefined
  #last = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, work: (now: number) => Promise<void>) {
    this.#clock = clock
    this.#work = work
  }

  /** Begins a round if one is due, and waits for it. A clock that goes back makes it due. */
  async tick(): Promise<void> {
    const now = this.#clock.now()
    if (now < this.#last || now >= this.#last + interval) await this.run()
  }

  /** Begins a round, or waits for the one that is running. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Makes the next round due at once. */
  hurry(): void {
    this.#last = Number.NEGATIVE_INFINITY
  }

  async #round(): Promise<void> {
    this.#last = this.#clock.now()
    await this.#work(this.#last)
  }
}
