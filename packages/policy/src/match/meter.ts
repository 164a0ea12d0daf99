/**
 * The meter of one evaluation. Matching costs steps; a step takes about 10 ns at most, such as a search through two
 * characters, or a plain comparison of eight. Everything that is done counts, also what is done again. An evaluation
 * that has spent its steps stops matching, and every statement that it looks at afterwards cannot be evaluated
 * (POL-181): an Allow does not count, a Deny does.
 *
 * The state belongs to the module because matchers run on the hottest path. That is safe: evaluation is synchronous,
 * and an evaluation that interrupts another one (a context's supplier may ask the engine) starts a meter of its own
 * and restores the other.
 */
const meter = { left: 0, running: false }

/** Steps of one decision if the caller names no budget: about 5 ms of work. */
export const defaultSteps = 500_000

/**
 * How many steps one evaluation or several together may take. Pass the same budget to several evaluations to bound
 * them together, for example those of one simulation.
 */
export class Budget {
  /** Steps that are left; below zero if the budget is spent. */
  left: number
  readonly steps: number

  constructor(steps: number = defaultSteps) {
    this.steps = steps
    this.left = steps
  }

  /** Steps taken so far. */
  get used(): number {
    return this.steps - this.left
  }

  /** Whether an evaluation stopped early. */
  get isSpent(): boolean {
    return this.left < 0
  }
}

/** Takes steps. Returns false if too few are left. Without a running meter there is no limit. */
export function spend(steps: number): boolean {
  if (!meter.running) return true
  meter.left -= steps
  return meter.left >= 0
}

export function isSpent(): boolean {
  return meter.running && meter.left < 0
}

/** The remaining steps of an interrupted evaluation; undefined if no meter was running. */
export type Interrupted = number | undefined

export function startMeter(steps: number): Interrupted {
  const interrupted = meter.running ? meter.left : undefined
  meter.running = true
  meter.left = steps
  return interrupted
}

/** Returns the steps that are left, and continues the interrupted evaluation. */
export function stopMeter(interrupted: Interrupted): number {
  const { left } = meter
  meter.running = interrupted !== undefined
  meter.left = interrupted ?? 0
  return left
}

/** Runs some work under a budget. The work must not throw on purpose: the engine is total. */
export function metered<T>(budget: Budget, work: () => T): T {
  const interrupted = startMeter(budget.left)
  try {
    return work()
  } finally {
    budget.left = stopMeter(interrupted)
  }
}

/**
 * Runs some work that is remembered if it came to its end, and returns the steps that it took. Who uses again what is
 * remembered takes them again, so that a decision does not depend on those before it.
 */
export function counted<T>(work: () => T): { readonly made: T; readonly steps: number } {
  if (meter.running) {
    const before = meter.left
    return { made: work(), steps: before - meter.left }
  }
  const endless = new Budget(Number.MAX_SAFE_INTEGER)
  return { made: metered(endless, work), steps: endless.used }
}
