import type { Policy, PolicyKind } from '../document/policy.ts'
import type { Report } from '../document/report.ts'
import { POLICY_SIZE_LIMITS, policySize } from '../document/size.ts'

interface SizeLimit {
  readonly limit: number
  readonly class: 'error' | 'warning'
  readonly code: string
}

const { managed, scp, rcp, trust } = POLICY_SIZE_LIMITS

const LIMITS: Partial<Readonly<Record<PolicyKind, SizeLimit>>> = {
  identity: { limit: managed, class: 'warning', code: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA' },
  boundary: { limit: managed, class: 'warning', code: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA' },
  trust: { limit: trust, class: 'warning', code: 'POLICY_SIZE_EXCEEDS_TRUST_POLICY_QUOTA' },
  scp: { limit: scp, class: 'error', code: 'POLICY_SIZE_EXCEEDS_SCP_QUOTA' },
  rcp: { limit: rcp, class: 'error', code: 'POLICY_SIZE_EXCEEDS_RCP_QUOTA' },
}

/** Size and Sids. */
export function checkDocument(policy: Policy, report: Report): void {
  const { kind, text, statements } = policy
  const size = policySize(text)
  const limit = LIMITS[kind]
  if (limit !== undefined && size > limit.limit) {
    const message = `The policy has ${size} characters without white space; ${limit.limit} is the quota.`
    report.note(limit.class, limit.code, message, [], report.span({ start: 0, end: text.length }))
  }
  for (const { sid, span, index } of statements) {
    if (sid === '') {
      report.note(
        'suggestion',
        'EMPTY_SID_VALUE',
        'Add a value to the empty string in the Sid element.',
        ['Statement', index, 'Sid'],
        span,
      )
    }
  }
}
