import { fault } from '../../base/index.ts'
import { limits } from './limits.ts'

/** Numbered slots for running processes. If all are taken, a limited number of callers wait for one. */
export class Slots {
  readonly #free: number[] = Array.from({ length: limits.running }, (_, i) => limits.running - 1 - i)
  readonly #waiting: ((slot: number) => void)[] = []

  /**
   * Takes a slot, at once or when one is released. @throws Fault TooManyRequestsException if too many callers wait
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
