import { Failures } from '../../base/index.ts'

/** How many failures are let pass, and for how long they count, in milliseconds (behaviour SGN-20). */
const perUser = 5
const perAddress = 50
const window = 300_000
const keysKept = 20_000

/** Counts failed sign-ins, so that nobody guesses passwords or codes at leisure. */
export class Attempts {
  readonly #failures = new Failures(window, keysKept)

  /** Whether a further try is let in. */
  allows(user: string, address: string, now: number): boolean {
    return (
      this.#failures.of(`u ${user}`, now) < perUser && this.#failures.of(`a ${address}`, now) < perAddress
    )
  }

  failed(user: string, address: string, now: number): void {
    this.#failures.add(`u ${user}`, now)
    this.#failures.add(`a ${address}`, now)
  }

  /** A success clears the user's failures; the address's stay. */
  succeeded(user: string): void {
    this.#failures.forget(`u ${user}`)
  }
}
