import { fault } from '../../base/index.ts'
import { limits } from './limits.ts'

/** Numbered places for running processes; who comes when all are taken waits for one, if not too many do. */
export class Slots {
  readonly #free: number[] = Array.from({ length: limits.running }, (_, i) => limits.running - 1 - i)
  readonly #waiting: ((slot: number) => void)[] = []

  /**
   * Takes a place: at once, or when one is given back.
   * @throws Fault TooManyRequestsException where too many wait
   */
  take(): Promise<number> {
    const slot = this.#free.pop()
    if (slot !== undefined) return Promise.resolve(slot)
    if (this.#waiting.length >= limits.waiting) {
      throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  giveBack(slot: number): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(slot)
    else next(slot)
  }
}
