import { endedEarly, type Incomplete, StepBudget } from '../../graph/index.ts'
import { exitCodes } from '../failure.ts'
import { printError } from '../output.ts'
import type { StepsOptions } from './steps-option.ts'

/** The budget of a command's question. */
export function budgetOf({ steps }: StepsOptions): StepBudget {
  return new StepBudget(steps)
}

/** `one principal`, `812 principals`. */
export function unfinishedOf({ principals }: Incomplete): string {
  return principals === 1 ? 'one principal' : `${principals} principals`
}

/** Returns the note about a list that is not complete. */
export function incompleteText(incomplete: Incomplete): string {
  return `The list is not complete: ${endedEarly(incomplete)}, and ${unfinishedOf(incomplete)} could not be searched to the end.${incomplete.maxEntries === undefined ? ' --steps allows more.' : ''}`
}

/** Says after a list that it is not complete, and ends the command as undecided. */
export function sayIncomplete({ incomplete }: StepBudget): void {
  if (incomplete === undefined) return
  printError(`${incompleteText(incomplete)}\n`)
  process.exitCode = exitCodes.undecided
}
