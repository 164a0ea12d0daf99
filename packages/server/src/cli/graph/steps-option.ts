import { type Command, InvalidArgumentError } from 'commander'
import { searchSteps } from '../../base/index.ts'

/** How far a question may search. */
export interface StepsOptions {
  readonly steps: number
}

/** Adds the option for the steps that a question may take. */
export function addStepsOption(command: Command): Command {
  return command.option(
    '--steps <number>',
    'the maximum number of steps of the search; if they are spent, what was not found is undecided',
    stepsOf,
    searchSteps,
  )
}

function stepsOf(text: string): number {
  const steps = Number(text)
  if (!/^\d{1,12}$/.test(text) || steps < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.')
  return steps
}
