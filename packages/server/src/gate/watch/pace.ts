import { setTimeout as sleep } from 'node:timers/promises'
import { monotonic } from '../../base/index.ts'

/** Changes within this time, in milliseconds, are looked at together. */
const together = 300

/** The rest after a look, in times of its work, and the longest in milliseconds: a watch takes a fifth of a processor. */
const restShare = 4
const restMost = 30_000

/** When looks at accounts begin that change all the time. */
export class Pace {
  readonly #now: () => number
  #restsUntil = 0
  #waiting: AbortController | undefined

  constructor(now: () => number = monotonic) {
    this.#now = now
  }

  /** Milliseconds from a change to the look at it. */
  get wait(): number {
    return Math.max(together, this.#restsUntil - this.#now())
  }

  /** Notes that a look has ended that took so many milliseconds of a processor. */
  ended(worked: number): void {
    this.#restsUntil = this.#now() + Math.min(restMost, restShare * worked)
  }

  /** Resolves when the look at a change begins. */
  async pause(): Promise<void> {
    const waiting = new AbortController()
    this.#waiting = waiting
    await sleep(this.wait, undefined, { ref: false, signal: waiting.signal }).catch(() => {})
  }

  /** Ends the pause, if there is one. */
  hurry(): void {
    this.#waiting?.abort()
  }
}
