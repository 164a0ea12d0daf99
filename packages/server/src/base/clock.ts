/** The source of time, in milliseconds since the epoch. No other code asks the machine. */
export interface Clock {
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** Milliseconds since some instant of this process; nobody sets this clock. */
export const monotonicClock: Clock = { now: () => performance.now() }

/** A clock that tests control. It moves from `start` only by `advance` and `set`. */
export class ManualClock implements Clock {
  #now: number
  constructor(start: number) {
    this.#now = start
  }
  now(): number {
    return this.#now
  }
  /** Advances the clock by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
  /** Sets the clock to an instant, in milliseconds since the epoch. */
  set(now: number): void {
    this.#now = now
  }
}

/** A clock that follows the machine's, with an offset that tests or operators set. */
export class ShiftedClock implements Clock {
  #shift = 0
  /** The offset from the machine's clock, in milliseconds. */
  get shift(): number {
    return this.#shift
  }
  set shift(milliseconds: number) {
    this.#shift = milliseconds
  }
  now(): number {
    return Date.now() + this.#shift
  }
  /** Advances the clock by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#shift += milliseconds
  }
  /** Sets the clock to an instant, in milliseconds since the epoch, from which it continues. */
  set(now: number): void {
    this.#shift = now - Date.now()
  }
}

const textsKept = 4_096
const seconds = new Float64Array(textsKept).fill(Number.NaN)
const texts: string[] = new Array<string>(textsKept).fill('')

/**
 * Returns an instant as `YYYY-MM-DDTHH:MM:SSZ`, the form of IAM, STS and CloudTrail. Lists format the same instants
 * repeatedly, so recent texts are cached.
 */
export function isoSeconds(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000)
  const slot = second & (textsKept - 1)
  if (seconds[slot] === second) return texts[slot]!
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`
  seconds[slot] = second
  texts[slot] = text
  return text
}

/**
 * Returns milliseconds since an arbitrary instant, with fractions. It measures how long something takes, and nothing
 * that a call decides may depend on it.
 */
export function monotonic(): number {
  return performance.now()
}
