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

/** The memory of one search, as far as it may grow out of proportion to the account. */
export interface Keeping {
  readonly entries: number
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
 * The steps that a question may take. A step is a decision that is asked for, or a piece of a search: a technique that
 * is tried on a target, or a few dozen entries that are looked at. All searches of a question share one budget. What they
 * found before it was spent remains true; what they did not find is not known.
 */
export class StepBudget {
  readonly maxSteps: number
  readonly maxEntries: number
  /** Fewer than `maxSteps` once it was stopped. */
  #most: number
  #isCrowded = false
  #isLong = false
  #taken = 0
  /** The ARNs of principals that were not searched to the end. */
  readonly unfinished = new Set<string>()

  /** @throws RangeError if the number of steps is not a positive whole number */
  constructor(maxSteps: number = searchSteps, maxEntries: number = defaultEntries) {
    if (!Number.isSafeInteger(maxSteps) || maxSteps < 1)
      throw new RangeError(`${maxSteps} is not a number of steps`)
    this.maxSteps = maxSteps
    this.#most = maxSteps
    this.maxEntries = maxEntries
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

  /** Ends all searches: as many steps as were taken so far are the most. */
  stop(): void {
    this.#most = Math.min(this.#most, Math.max(1, this.#taken))
  }

  /** Takes one step. */
  take(): void {
    this.#taken++
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
   * Does the pieces of the search of a principal until they end, the budget is spent, or the search keeps too much; if the
   * question is about many principals, also until it has taken its part of the steps. Returns whether they ended.
   */
  *through(
    pieces: Generator<void>,
    start: string,
    search?: Keeping,
    isOfMany = false,
  ): Generator<void, boolean> {
    const last = isOfMany ? this.#taken + this.#mostOfOne : Number.POSITIVE_INFINITY
    for (;;) {
      const isCrowded = search !== undefined && search.entries > this.maxEntries
      const isLong = this.#taken > last
      if (isCrowded) this.#isCrowded = true
      if (isLong) this.#isLong = true
      if (this.isSpent || isCrowded || isLong) {
        this.unfinished.add(start)
        pieces.return(undefined)
        return false
      }
      if (pieces.next().done === true) return true
      this.take()
      yield
    }
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
