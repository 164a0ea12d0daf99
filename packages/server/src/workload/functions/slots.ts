import { fault } from '../../base/index.ts'
import { limits } from './limits.ts'

/** A call that waits for a slot. */
interface Waiting {
  readonly holder: string
  readonly take: (slot: number) => void
}

/**
 * Numbered slots for running processes. One holder has half of the slots at most, and half of the places of those who wait.
 * A slot that is released goes to the waiting holder that has the fewest.
 */
export class Slots {
  readonly #free: number[] = Array.from({ length: limits.running }, (_, i) => limits.running - 1 - i)
  readonly #held = new Map<string, number>()
  readonly #waiting: Waiting[] = []

  /**
   * Takes a slot for a holder, at once or when one is released. @throws Fault TooManyRequestsException if too many callers
   * wait
   */
  take(holder: string): Promise<number> {
    if (this.#heldBy(holder) < limits.runningOfOne) {
      const slot = this.#free.pop()
      if (slot !== undefined) {
        this.#held.set(holder, this.#heldBy(holder) + 1)
        return Promise.resolve(slot)
      }
    }
    const own = this.#waiting.filter((each) => each.holder === holder).length
    if (this.#waiting.length >= limits.waiting || own >= limits.waitingOfOne) {
      throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      })
    }
    return new Promise((take) => this.#waiting.push({ holder, take }))
  }

  giveBack(slot: number, holder: string): void {
    const left = this.#heldBy(holder) - 1
    if (left === 0) this.#held.delete(holder)
    else this.#held.set(holder, left)
    const next = this.#next()
    if (next === undefined) {
      this.#free.push(slot)
      return
    }
    this.#waiting.splice(this.#waiting.indexOf(next), 1)
    this.#held.set(next.holder, this.#heldBy(next.holder) + 1)
    next.take(slot)
  }

  /** Of those that have the fewest slots, the one that has waited longest; undefined if nobody may have a slot. */
  #next(): Waiting | undefined {
    let found: Waiting | undefined
    let fewest: number = limits.runningOfOne
    for (const each of this.#waiting) {
      const held = this.#heldBy(each.holder)
      if (held < fewest) [found, fewest] = [each, held]
    }
    return found
  }

  #heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0
  }
}
