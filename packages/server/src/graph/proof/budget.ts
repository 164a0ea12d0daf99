import { searchSteps } from '../../base/index.ts'

/**
 * The most changes that one search keeps with all that rests on them. Where changes can be made in many orders they double
 * with each further one; a search that comes to more ends early. So many are some 100 MB.
 */
export const defaultEntries = 20_000

/**
 * One search of a question about many principals takes no more than this part of all steps, so that one principal does not
 * take those of all others.
 */
const partOfOne = 40
/** So many steps each search may always take. */
const leastOfOne = 10_000

/** So many entries that are only looked at are one step. */
const looksOfStep = 64

/** A search, as far as its budget limits it. */
export interface Limited {
  /** The number of entries that it keeps, as far as they may grow out of proportion to the account. */
  readonly entries?: (() => number) | undefined
  /** Whether its question is about many principals, for which steps must be left. */
  readonly isOfMany?: boolean
  /** Called after each step. */
  readonly onStep?: (() => void) | undefined
  /** Whether it has found enough: it ends here, and counts as done. */
  readonly isDone?: (() => boolean) | undefined
}

/** Ends a search: its budget is spent, or it is done. */
class Ended extends Error {
  override readonly name = 'Ended'
  readonly isDone: boolean

  constructor(isDone: boolean) {
    super()
    this.isDone = isDone
  }
}

/** Why an answer is not complete. */
export interface Incomplete {
  /** The most steps that the question could take. */
  readonly maxSteps: number
  /** Present if it was not the steps, but what a search keeps: the most entries. */
  readonly maxEntries?: number
  /** Principals that were not searched to the end. */
  readonly principals: number
}

/**
 * The steps that a question may take. A step is a decision that is asked for, a technique that is tried on a target, or a few dozen
 * entries that are looked at. All searches of a question share one budget. What they found before it was spent remains true; what
 * they did not find is not known.
 */
export class StepBudget {
  readonly maxSteps: number
  readonly maxEntries: number
  /** Fewer than `maxSteps` once it was stopped. */
  #most: number
  #isCrowded = false
  #isLong = false
  #taken = 0
  #looks = 0
  /** The search under way, and the step after which it has taken its part. */
  #current: { readonly search: Limited; readonly last: number } | undefined
  readonly #isLate: () => boolean
  /** The ARNs of principals that were not searched to the end. */
  readonly unfinished = new Set<string>()

  /**
   * All searches also end once `isLate` says so, which is asked after each step.
   * @throws RangeError if the number of steps is not a positive whole number
   */
  constructor(
    maxSteps: number = searchSteps,
    maxEntries: number = defaultEntries,
    isLate: () => boolean = () => false,
  ) {
    if (!Number.isSafeInteger(maxSteps) || maxSteps < 1)
      throw new RangeError(`${maxSteps} is not a number of steps`)
    this.maxSteps = maxSteps
    this.#most = maxSteps
    this.maxEntries = maxEntries
    this.#isLate = isLate
  }

  /** The steps that were taken so far. */
  get taken(): number {
    return this.#taken
  }

  /** Whether no further step may be taken. */
  get isSpent(): boolean {
    return this.#taken >= this.#most
  }

  /** Whether a search ended early. */
  get isShort(): boolean {
    return this.unfinished.size > 0
  }

  /** Counts a decision that is asked for. */
  take(): void {
    this.#taken++
  }

  /** Takes one step of the search under way. */
  step(): void {
    this.#taken++
    this.#current?.search.onStep?.()
    this.#check()
  }

  /** Looks at one entry of the search under way. */
  look(): void {
    if (++this.#looks % looksOfStep === 0) this.step()
  }

  get #mostOfOne(): number {
    return Math.max(leastOfOne, Math.floor(this.maxSteps / partOfOne))
  }

  /** The note of an answer whose search ended early. */
  get incomplete(): Incomplete | undefined {
    return this.isShort ? this.#cause(this.unfinished.size) : undefined
  }

  /** The note of an answer about one principal whose search ended early. */
  get incompleteOne(): Incomplete {
    return this.#cause(1)
  }

  #cause(principals: number): Incomplete {
    const { isSpent, maxEntries } = this
    const maxSteps = this.#isLong && !isSpent ? this.#mostOfOne : this.#most
    return { maxSteps, ...(this.#isCrowded && !isSpent ? { maxEntries } : {}), principals }
  }

  /**
   * Does the search of a principal until it ends, the budget is spent, or the search keeps too much; if the question is
   * about many principals, also until it has taken its part of the steps. Returns whether it ended.
   */
  within(start: string, search: Limited, run: () => void): boolean {
    const outer = this.#current
    this.#current = {
      search,
      last: search.isOfMany ? this.#taken + this.#mostOfOne : Number.POSITIVE_INFINITY,
    }
    try {
      this.#check()
      run()
      return true
    } catch (error) {
      if (!(error instanceof Ended)) throw error
      if (!error.isDone) this.unfinished.add(start)
      return error.isDone
    } finally {
      this.#current = outer
    }
  }

  #check(): void {
    if (this.#current === undefined) return
    const { search, last } = this.#current
    if (search.isDone?.()) throw new Ended(true)
    // as many steps as were taken so far are the most
    if (this.#isLate()) this.#most = Math.min(this.#most, Math.max(1, this.#taken))
    const isCrowded = (search.entries?.() ?? 0) > this.maxEntries
    const isLong = this.#taken > last
    if (isCrowded) this.#isCrowded = true
    if (isLong) this.#isLong = true
    if (this.isSpent || isCrowded || isLong) throw new Ended(false)
  }
}

/** A list is not complete, and the caller passed no budget in which that could be noted. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent'

  constructor({ maxSteps, maxEntries, principals }: Incomplete) {
    const most = maxEntries === undefined ? `${maxSteps} steps` : `${maxEntries} changes`
    super(`the search ended after ${most}: ${principals} principals were not searched to the end`)
  }
}

/** Makes a list with a budget. @throws BudgetSpent if it is not complete and the caller passed no budget */
export function withinBudget<Made>(
  { budget }: { readonly budget?: StepBudget | undefined },
  make: (budget: StepBudget) => Made,
): Made {
  const own = budget ?? new StepBudget()
  const made = make(own)
  if (budget === undefined) expectComplete(own)
  return made
}

/** @throws BudgetSpent if a search ended early */
export function expectComplete({ incomplete }: StepBudget): void {
  if (incomplete !== undefined) throw new BudgetSpent(incomplete)
}
