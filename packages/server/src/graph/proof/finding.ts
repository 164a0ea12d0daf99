import type { Answer, Conditional, Proven, ResidualCondition } from '@omen-iam/policy'
import { withDocumentedKeys } from './documented-keys.ts'
import type { FactUsed } from './fact-option.ts'
import { inTime } from './in-time.ts'
import { withoutPassedTags } from './passed-tags.ts'

/** The certainty of a step. */
export type StepVerdict = 'proven' | 'conditional' | 'undecided'

/** A step that can be taken: its requests with the statements that allow them, and the facts that it rests on. */
export interface Proof {
  readonly verdict: StepVerdict
  readonly witness: Proven | Conditional
  readonly residual: readonly ResidualCondition[]
  readonly facts: readonly FactUsed[]
  /** When the power comes, if it is later than the technique says. */
  readonly later: string | undefined
  /** Budget or form, if the search ended early. */
  readonly open: string | undefined
}

/** A step of which one half is there, and something stops the other. */
export interface Refusal {
  readonly verdict: 'blocked'
  /** Or a fact that does not hold, and the calls after which it would. */
  readonly because:
    | Extract<Answer, { verdict: 'blocked' }>
    | { readonly fact: string; readonly after: readonly string[] }
}

/** The search ended early, so there is no witness to show. */
export interface Unknown {
  readonly verdict: 'undecided'
  readonly facts: readonly FactUsed[]
  readonly open: string
}

/** The finding about a step; undefined if no part of it is allowed. */
export type Finding = Proof | Refusal | Unknown | undefined

/** Returns the finding that an answer is about a step. */
export function findingOf(answer: Answer, facts: readonly FactUsed[], later: string | undefined): Finding {
  switch (answer.verdict) {
    case 'proven':
    case 'conditional': {
      const { residual, facts: all } = withoutPassedTags(answer, facts)
      const verdict = all.some(({ known }) => known === 'unknown') ? 'undecided' : answer.verdict
      return {
        verdict,
        witness: inTime(answer),
        residual: withDocumentedKeys(residual),
        facts: all,
        later,
        open: undefined,
      }
    }
    case 'blocked':
      return answer.isGranted ? { verdict: 'blocked', because: answer } : undefined
    case 'undecided':
      return { verdict: 'undecided', facts, open: answer.what ?? answer.reason }
  }
}

const ranks = { proven: 0, conditional: 1, undecided: 2, blocked: 4 } as const

function rankOf(finding: Finding): number {
  if (finding === undefined) return 5
  return finding.verdict === 'undecided' && !('witness' in finding) ? 3 : ranks[finding.verdict]
}

/** The better of two findings; of two conditional ones that with fewer conditions. */
export function better(one: Finding, other: Finding): Finding {
  const difference = rankOf(one) - rankOf(other)
  if (difference !== 0) return difference < 0 ? one : other
  if (one?.verdict === 'conditional' && other?.verdict === 'conditional')
    return other.residual.length < one.residual.length ? other : one
  return one
}

/** Whether a step is proven, and its power comes as the technique says. */
export function isProven(finding: Finding): boolean {
  return finding?.verdict === 'proven' && isNow(finding)
}

/** Whether a step can be taken, under conditions or if a fact holds. */
export function findingProves(finding: Finding): boolean {
  return finding !== undefined && finding.verdict !== 'blocked'
}

/** Whether one condition is left, and the power comes as the technique says. */
export function isOneCondition(finding: Finding): boolean {
  return finding?.verdict === 'conditional' && finding.residual.length === 1 && isNow(finding)
}

function isNow({ later = '' }: Proof): boolean {
  return later === ''
}

/** Whether MFA cannot make it better: it is only a fact that is missing. */
export function isSettled(finding: Finding, facts: readonly FactUsed[]): boolean {
  return (
    finding?.verdict === 'undecided' &&
    'witness' in finding &&
    finding.residual.length === 0 &&
    facts.some(({ known }) => known === 'unknown')
  )
}
