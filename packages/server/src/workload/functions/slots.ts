import { fault } from '../../base/index.ts'
import { limits } from './limits.ts'

/** Places for running processes; who comes when all are taken waits for one, if not too many do. */
export class Slots {
  #free: number = limits.running
  readonly #waiting: (() => void)[] = []

  /**
   * Takes a place: at once, or when one is given back.
   * @throws Fault TooManyRequestsException where too many wait
   */
  take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--
      return Promise.resolve()
    }
    if (this.#waiting.length >= limits.waiting) {
      throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  giveBack(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
