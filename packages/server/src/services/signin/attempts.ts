/** How many failures are let pass, and for how long they count, in milliseconds (behaviour SGN-20). */
const perUser = 5
const perAddress = 50
const window = 300_000
const keysKept = 20_000

interface Count {
  failures: number
  since: number
}

/** Counts failed sign-ins, so that nobody guesses passwords or codes at leisure. In memory, for each node its own. */
export class Attempts {
  readonly #counts = new Map<string, Count>()

  /** Whether a further try is let in. */
  allows(user: string, address: string, now: number): boolean {
    return this.#of(`u ${user}`, now) < perUser && this.#of(`a ${address}`, now) < perAddress
  }

  failed(user: string, address: string, now: number): void {
    this.#add(`u ${user}`, now)
    this.#add(`a ${address}`, now)
  }

  /** A success clears the user's failures; the address's stay. */
  succeeded(user: string): void {
    this.#counts.delete(`u ${user}`)
  }

  #of(key: string, now: number): number {
    const count = this.#counts.get(key)
    return count === undefined || now >= count.since + window ? 0 : count.failures
  }

  #add(key: string, now: number): void {
    const failures = this.#of(key, now)
    const since = failures === 0 ? now : this.#counts.get(key)!.since // it counts, so it is there
    this.#counts.delete(key)
    if (this.#counts.size >= keysKept) this.#counts.delete(this.#counts.keys().next().value!) // it is not empty
    this.#counts.set(key, { failures: failures + 1, since })
  }
}
