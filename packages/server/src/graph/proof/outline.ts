import type { ResidualCondition } from '@omen-iam/policy'
import type { Finding } from './finding.ts'

/** The part of a finding that is kept: its proof is asked for again when it is shown. */
export interface Outline {
  readonly verdict: NonNullable<Finding>['verdict']
  readonly residual: readonly ResidualCondition[]
  readonly later: string | undefined
  /** The action that is refused, in lower case, if it is blocked by a refusal. */
  readonly refused?: string
}

/** The outline of a finding. */
export function outlineOf(finding: Finding): Outline | undefined {
  if (finding === undefined) return undefined
  return {
    verdict: finding.verdict,
    residual: 'residual' in finding ? finding.residual : [],
    later: 'later' in finding ? finding.later : undefined,
    ...(finding.verdict === 'blocked' && 'request' in finding.because
      ? { refused: finding.because.request.action.toLowerCase() }
      : {}),
  }
}

/** Whether one condition is left, and the power comes as the technique says. */
export function leavesOne({ verdict, residual, later = '' }: Outline): boolean {
  return verdict === 'conditional' && residual.length === 1 && later === ''
}
