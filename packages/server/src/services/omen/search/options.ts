import { type PathOptions, StepBudget } from '../../../graph/index.ts'
import type { AnyRequest } from '../index.ts'

/** Options of a question, with the steps that all its searches share. */
export type AskedOptions = PathOptions & { readonly budget: StepBudget }

/**
 * The steps of a question that names no number: they take about a minute. A request cannot ask for more, so that a search
 * ends before the thread gives up.
 */
const stepsOfQuestion = 500_000

/** Options that a request names. */
export function optionsOf({ derived = false, retired = false, maxSteps }: AnyRequest): AskedOptions {
  return { derived, retired, budget: new StepBudget(maxSteps ?? stepsOfQuestion) }
}

/** The same question about derived techniques, with the steps that are left. */
export function derivedQuestionOf({ derived, retired, maxSteps }: AnyRequest, { budget }: AskedOptions) {
  const left = (maxSteps ?? stepsOfQuestion) - budget.taken
  return { derived: derived === true || left <= 0, retired: retired === true, steps: left }
}
