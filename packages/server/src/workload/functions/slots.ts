import { fault } from '../../base/index.ts'
import { limits } from './limits.ts'

/** Whose a slot is: the function that runs, and the principal that invoked it. */
export interface Holder {
  readonly function: string
  readonly caller: string
}

/** A call that waits for a slot. */
interface Waiting {
  readonly holder: Holder
  readonly take: (slot: number) => void
}

/** The most of one function, and of one caller. */
const shares = [
  { of: 'caller', running: limits.runningOfCaller, waiting: limits.waitingOfCaller },
  { of: 'function', running: limits.runningOfOne, waiting: limits.waitingOfOne },
] as const

/**
 * Numbered slots for running processes. One function has half of the slots at most, one caller three quarters, and both the
 * same share of the places of those who wait. A slot that is released goes to the waiting caller that has the fewest.
 */
export class Slots {
  readonly #free: number[] = Array.from({ length: limits.running }, (_, i) => limits.running - 1 - i)
  readonly #held: Holder[] = []
  readonly #waiting: Waiting[] = []

  /**
   * Takes a slot for a holder, at once or when one is released. @throws Fault TooManyRequestsException if too many callers
   * wait
   */
  take(holder: Holder): Promise<number> {
    if (this.#mayHave(holder)) {
      const slot = this.#free.pop()
      if (slot !== undefined) {
        this.#held.push(holder)
        return Promise.resolve(slot)
      }
    }
    const waiting = this.#waiting.map((each) => each.holder)
    const isFull = shares.some(({ of, waiting: most }) => count(waiting, of, holder) >= most)
    if (waiting.length >= limits.waiting || isFull) {
      throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      })
    }
    return new Promise((take) => this.#waiting.push({ holder, take }))
  }

  giveBack(slot: number, holder: Holder): void {
    this.#held.splice(this.#held.indexOf(holder), 1)
    const next = this.#next()
    if (next === undefined) {
      this.#free.push(slot)
      return
    }
    this.#waiting.splice(this.#waiting.indexOf(next), 1)
    this.#held.push(next.holder)
    next.take(slot)
  }

  /**
   * Of those whose caller has the fewest slots, one whose function has the fewest, and of these the one that has waited
   * longest; undefined if nobody may have a slot.
   */
  #next(): Waiting | undefined {
    const [first] = this.#waiting
      .filter(({ holder }) => this.#mayHave(holder))
      .sort((a, b) => this.#rank(a.holder) - this.#rank(b.holder))
    return first
  }

  #rank(holder: Holder): number {
    return count(this.#held, 'caller', holder) * limits.running + count(this.#held, 'function', holder)
  }

  #mayHave(holder: Holder): boolean {
    return shares.every(({ of, running }) => count(this.#held, of, holder) < running)
  }
}

function count(holders: readonly Holder[], of: keyof Holder, holder: Holder): number {
  return holders.filter((each) => each[of] === holder[of]).length
}
