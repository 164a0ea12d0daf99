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

/**
 * The clock of a served server whose owner moves it to see what ends when. Signatures, proofs of possession and codes of MFA
 * devices keep the present: their makers have clocks of their own (behaviour SSO-102).
 */
export class TestClock extends ShiftedClock {
  present(): number {
    return Date.now()
  }
}

/** Returns the time by which signatures and codes are judged: `now`, unless it is that of a test clock. */
export function presentTime(clock: Clock, now: number): number {
  return clock instanceof TestClock ? clock.present() : now
}

/**
 * A clock that follows another machine's, of which it hears from time to time. With several nodes the store's clock is the
 * one that counts: a session must not begin in the future because the clock of its node is ahead.
 */
export class FollowingClock implements Clock {
  readonly #own: Clock
  #offset = 0

  /** @param own runs on between what is heard. Default: a clock that nobody sets */
  constructor(own: Clock = steadyClock) {
    this.#own = own
  }

  now(): number {
    return this.#own.now() + this.#offset
  }

  /** How far the other clock is ahead of its own, in milliseconds. */
  get offset(): number {
    return this.#offset
  }

  /** Returns the instant of its own clock, to give to `hear`. */
  begin(): number {
    return this.#own.now()
  }

  /**
   * Takes what the other clock showed at some instant between `begin` and now. The offset moves only as far as that
   * proves it wrong: the error is at most the time that passed in between.
   */
  hear(shown: number, begun: number): void {
    const heard = this.#own.now()
    this.#offset = Math.round(Math.min(Math.max(this.#offset, shown - heard), shown - begun))
  }
}

/** The machine's time as of the start of this process; it runs on evenly, even if the machine's clock is set. */
const steadyClock: Clock = { now: () => Math.floor(performance.timeOrigin + performance.now()) }

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

/**
 * Returns the milliseconds that a processor has spent on this thread, since an arbitrary instant: however busy others keep the
 * machine, the same work takes as many. Before Node 23.9 it is the time of all threads of the process.
 */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1_000
}
