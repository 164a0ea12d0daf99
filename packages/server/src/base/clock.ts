/** Where time comes from. Milliseconds since the epoch; the only place that asks the machine. */
export interface Clock {
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** A clock that tests move. It runs on from `start` only by `advance` and `set`. */
export class ManualClock implements Clock {
  #now: number
  constructor(start: number) {
    this.#now = start
  }
  now(): number {
    return this.#now
  }
  /** Moves on by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
  /** Jumps to an instant, in milliseconds since the epoch. */
  set(now: number): void {
    this.#now = now
  }
}

/** A clock that follows the machine's, shifted by what tests or operators moved it. */
export class ShiftedClock implements Clock {
  #shift = 0
  now(): number {
    return Date.now() + this.#shift
  }
  /** Moves on by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#shift += milliseconds
  }
  /** Jumps to an instant, in milliseconds since the epoch, and runs on from there. */
  set(now: number): void {
    this.#shift = now - Date.now()
  }
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as IAM, STS and CloudTrail write instants. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
