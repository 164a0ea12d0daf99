import { evaluate } from '../evaluate/evaluate.ts'
import type { ExplicitDeny, ImplicitDeny } from '../request/decision.ts'
import type { Blocked } from './answer.ts'
import { combinations, type Prepared, type Question } from './prepare.ts'
import { type Solution, solve } from './search.ts'

/**
 * Why a question has no answer: the first request that nothing allows, or else the first one that excludes those before
 * it. Of a request, the layer that never allows it, or else the Deny that applies to what comes closest. Undefined if
 * the steps are spent.
 */
export function blockOf(question: Question): Blocked | undefined {
  const places = [...question.asked.keys()]
  for (const place of places) if (!isPossible(question, [place])) return explain(question, [], place)
  for (const place of places.slice(1)) {
    const before = places.slice(0, place)
    if (!isPossible(question, [...before, place])) return explain(question, before, place)
  }
  return undefined
}

function isPossible(question: Question, places: readonly number[]): boolean {
  // The search has already failed for all of them.
  if (places.length === question.asked.length) return false
  if (places.some((place) => !question.plans[place]?.some(canBeMet))) return false
  const hurdles = question.hurdles.filter(({ asked }) => places.includes(asked))
  const problems = combinations(places.map((place) => question.plans[place] ?? [])).map((needs) =>
    question.problemOf(needs, hurdles),
  )
  return solve(problems, question.steps) !== undefined
}

function explain(question: Question, before: readonly number[], place: number): Blocked | undefined {
  const { steps } = question
  const plans = question.plans[place] ?? []
  const granting = plans.map((plan) => plan.filter(({ need }) => isGrant(need.layer)))
  const granted = solve(
    granting.filter(canBeMet).map((needs) => question.problemOf(needs, [])),
    steps,
  )
  const closest = closestOf(question, before, plans)
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

function canBeMet(needs: readonly Prepared[]): boolean {
  return needs.every(({ choices }) => choices.length > 0)
}

interface Closest {
  readonly solution: Solution
  /** The first need that cannot be met together with those before it. */
  readonly missing: Prepared | undefined
}

/**
 * The plan of which most needs can be met, regardless of every Deny.
 * @param before the places of other requests, which are to be allowed
 */
function closestOf(
  question: Question,
  before: readonly number[],
  plans: Question['plans'][number],
): Closest | undefined {
  const hurdles = question.hurdles.filter(({ asked }) => before.includes(asked))
  const others = combinations(before.map((place) => question.plans[place] ?? []))
  let best: (Closest & { readonly met: number }) | undefined
  for (const plan of plans) {
    // A plan of which all needs are met comes closest; a longer part of a plan comes closer than a shorter one.
    for (let met = plan.length; met >= 0; met--) {
      if (best !== undefined && (best.missing === undefined || met <= best.met)) break
      if (!canBeMet(plan.slice(0, met))) continue
      const needs = others.map((other) => question.problemOf([...other, ...plan.slice(0, met)], hurdles))
      const solution = solve(needs, question.steps)
      if (solution !== undefined) best = { solution, missing: plan[met], met }
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
    level: undefined,
    deny: decision.by[0],
  }
}
