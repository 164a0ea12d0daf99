import type { ExplicitDeny, ImplicitDeny } from '../evaluate/decision.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Blocked } from './answer.ts'
import type { Prepared, Question } from './prepare.ts'
import { type Solution, solve } from './search.ts'

/**
 * Why a question has no answer: the first request that nothing allows, or else the one that excludes the others. Of a
 * request, the layer that never allows it, or else the Deny that applies to what comes closest. Undefined if the steps
 * are spent.
 */
export function blockOf(question: Question): Blocked | undefined {
  const { asked } = question
  for (let place = 0; place < asked.length; place++) {
    if (!isPossible(question, (other) => other === place)) return explain(question, place)
  }
  for (let place = 1; place < asked.length; place++) {
    if (!isPossible(question, (other) => other <= place)) return explain(question, place)
  }
  return undefined
}

function isPossible(question: Question, isAsked: (place: number) => boolean): boolean {
  return (
    solvePart(
      question,
      question.plans.flatMap((plans, place) => (isAsked(place) ? [plans] : [])),
      isAsked,
    ) !== undefined
  )
}

function solvePart(
  question: Question,
  plans: readonly (readonly (readonly Prepared[])[])[],
  isAsked: (place: number) => boolean,
): Solution | undefined {
  let combined: readonly (readonly Prepared[])[] = [[]]
  for (const own of plans) combined = combined.flatMap((before) => own.map((plan) => [...before, ...plan]))
  const hurdles = question.hurdles.filter(({ asked }) => isAsked(asked))
  return solve(
    combined.map((needs) => question.problemOf(needs, hurdles)),
    question.steps,
  )
}

function explain(question: Question, place: number): Blocked | undefined {
  const { steps } = question
  const plans = question.plans[place] ?? []
  const granted = solve(
    plans.map((plan) =>
      question.problemOf(
        plan.filter(({ need }) => isGrant(need.layer)),
        [],
      ),
    ),
    steps,
  )
  const closest = closestOf(question, plans)
  if (steps.isIncomplete || closest === undefined) return undefined
  const request = question.requestsOf(closest.solution)[place]
  const policies = question.asked[place]?.policies
  const decision = request && policies && evaluate(request, policies)
  if (request === undefined || decision === undefined || decision.outcome === 'allowed') return undefined
  return {
    verdict: 'blocked',
    asked: place,
    ...stopperOf(decision, closest.missing),
    decision,
    request,
    isGranted: granted !== undefined,
  }
}

function isGrant(layer: Prepared['need']['layer']): boolean {
  return layer === 'identity' || layer === 'resource'
}

interface Closest {
  readonly solution: Solution
  /** The first need that cannot be met together with those before it. */
  readonly missing: Prepared | undefined
}

/** The plan of which most needs can be met, regardless of every Deny. */
function closestOf(question: Question, plans: Question['plans'][number]): Closest | undefined {
  let best: (Closest & { readonly met: number }) | undefined
  for (const plan of plans) {
    for (let met = plan.length; met >= 0; met--) {
      if (best !== undefined && met <= best.met && best.missing === undefined) break
      const solution = solve([question.problemOf(plan.slice(0, met), [])], question.steps)
      if (solution === undefined) continue
      if (best === undefined || met > best.met || met === plan.length)
        best = { solution, missing: plan[met], met }
      break
    }
  }
  return best
}

function stopperOf(
  decision: ExplicitDeny | ImplicitDeny,
  missing: Prepared | undefined,
): Pick<Blocked, 'layer' | 'level' | 'deny'> {
  if (missing !== undefined) return { layer: missing.need.layer, level: missing.need.level, deny: undefined }
  return {
    layer: decision.layer,
    level: decision.outcome === 'implicitDeny' ? decision.level : undefined,
    deny: decision.by[0],
  }
}
