/**
 * The most steps that a question takes if it names no other number. To find everyone who can become an administrator takes
 * about 100,000 steps in an account of 20,000 users and roles, the paths of one principal less than 1,000.
 */
export const defaultSteps = 2_000_000

/** Why an answer is not complete. */
export interface Incomplete {
  /** The most steps that the question could take. */
  readonly maxSteps: number
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
  #taken = 0
  /** The ARNs of principals that were not searched to the end. */
  readonly unfinished = new Set<string>()

  /** @throws RangeError if the number of steps is not a positive whole number */
  constructor(maxSteps: number = defaultSteps) {
    if (!Number.isSafeInteger(maxSteps) || maxSteps < 1)
      throw new RangeError(`${maxSteps} is not a number of steps`)
    this.maxSteps = maxSteps
  }

  /** The steps that were taken so far. */
  get taken(): number {
    return this.#taken
  }

  /** Whether no further step may be taken. */
  get isSpent(): boolean {
    return this.#taken >= this.maxSteps
  }

  /** Whether a search ended early. */
  get isShort(): boolean {
    return this.unfinished.size > 0
  }

  /** Takes one step. */
  take(): void {
    this.#taken++
  }

  /** What the answer says if a search ended early. */
  get incomplete(): Incomplete | undefined {
    return this.isShort ? { maxSteps: this.maxSteps, principals: this.unfinished.size } : undefined
  }

  /** Does the pieces of the search of a principal until they end or the budget is spent. Returns whether they ended. */
  *through(pieces: Generator<void>, start: string): Generator<void, boolean> {
    for (;;) {
      if (this.isSpent) {
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

  constructor({ maxSteps, principals }: Incomplete) {
    super(`the search ended after ${maxSteps} steps: ${principals} principals were not searched to the end`)
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
