import { evaluate } from '../evaluate/evaluate.ts'
import type { Allowed } from '../request/decision.ts'
import type { Answer } from './answer.ts'
import { residualOf, undecided } from './answers.ts'
import { blockOf } from './block.ts'
import { byCases } from './by-cases.ts'
import { Question } from './prepare.ts'
import type { Asked, WitnessOptions } from './question.ts'
import { type Solution, solve } from './search.ts'
import { Steps } from './steps.ts'

export const defaultSearchSteps = 200_000

/**
 * Searches for values of all that is open in the requests, so that `evaluate` allows each of them. A proven or
 * conditional answer carries requests that `evaluate` has allowed; a blocked one is a proof that no such requests exist.
 */
export function findWitness(asked: readonly Asked[], options: WitnessOptions = {}): Answer {
  const steps = new Steps(options.steps ?? defaultSearchSteps)
  const question = new Question(asked, steps)
  const solution = question.isDecidable ? solve(question.problems(), steps) : undefined
  if (solution !== undefined) return answerOf(question, smaller(question, solution) ?? solution)
  if (steps.isIncomplete) return undecided(steps)
  return blockOf(question) ?? undecided(steps)
}

/** Maximum steps of the search for a residual that is smaller by cases. */
const stepsByCases = 50_000

function smaller(question: Question, solution: Solution): Solution | undefined {
  if (solution.residual.length === 0) return undefined
  return byCases(question, solution, new Steps(Math.min(question.steps.left, stepsByCases)))
}

function answerOf(question: Question, solution: Solution): Answer {
  const requests = question.requestsOf(solution)
  const decisions: Allowed[] = []
  for (const [place, request] of requests.entries()) {
    const policies = question.asked[place]?.policies
    const decision = policies && evaluate(request, policies)
    if (decision?.outcome !== 'allowed') {
      question.steps.unsupported ??= 'the request that the search proposes is refused'
      return undecided(question.steps)
    }
    decisions.push(decision)
  }
  const witness = { requests, decisions, variables: Object.fromEntries(solution.texts) }
  const residual = residualOf(solution.residual)
  return residual.length === 0
    ? { verdict: 'proven', ...witness }
    : { verdict: 'conditional', ...witness, residual }
}
