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
  /** How far it is from the machine's clock, in milliseconds. */
  get shift(): number {
    return this.#shift
  }
  set shift(milliseconds: number) {
    this.#shift = milliseconds
  }
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

const textsKept = 4_096
const seconds = new Float64Array(textsKept).fill(Number.NaN)
const texts: string[] = new Array<string>(textsKept).fill('')

/**
 * `YYYY-MM-DDTHH:MM:SSZ`, as IAM, STS and CloudTrail write instants. Lists write the same instants again and
 * again: the texts of late are kept.
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
