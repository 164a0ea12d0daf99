import type { Allowed } from '../evaluate/decision.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Answer, ResidualCondition } from './answer.ts'
import { blockOf } from './block.ts'
import { Question } from './prepare.ts'
import type { Asked, WitnessOptions } from './question.ts'
import { type Solution, solve } from './search.ts'
import type { CellLiteral } from './statement.ts'
import { Steps } from './steps.ts'

export const DEFAULT_SEARCH_STEPS = 200_000

/**
 * Searches for values of all that is open in the requests, so that `evaluate` allows each of them. A proven or
 * conditional answer carries requests that `evaluate` has allowed; a blocked one is a proof that no such requests exist.
 */
export function findWitness(asked: readonly Asked[], options: WitnessOptions = {}): Answer {
  const steps = new Steps(options.steps ?? DEFAULT_SEARCH_STEPS)
  const question = new Question(asked, steps)
  const solution = question.isDecidable ? solve(question.problems(), steps) : undefined
  if (solution !== undefined) return answerOf(question, solution)
  if (steps.isIncomplete) return undecided(steps)
  return blockOf(question) ?? undecided(steps)
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

function residualOf(literals: readonly CellLiteral[]): readonly ResidualCondition[] {
  return literals.map(({ condition: { entry }, by, asked }) => ({
    operator: entry.operator,
    key: entry.key,
    values: entry.values.map(({ value }) => value),
    mustHold: by.statement.effect === 'Allow',
    asked: [asked],
    by: by.by[0],
    span: entry.span,
  }))
}

function undecided(steps: Steps): Answer {
  const { used, unsupported } = steps
  return unsupported === undefined
    ? { verdict: 'undecided', reason: 'budget', steps: used }
    : { verdict: 'undecided', reason: 'form', steps: used, what: unsupported }
}
