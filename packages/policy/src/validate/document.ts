import type { Policy, PolicyKind } from '../document/policy.ts'
import { policySize, policySizeLimits } from '../document/size.ts'
import type { Report } from '../parse/report.ts'

interface SizeLimit {
  readonly limit: number
  readonly class: 'error' | 'warning'
  readonly code: string
  readonly says: (size: number, limit: number) => string
}

const tooLong = (what: string, end: string) => (size: number, limit: number) =>
  `The ${size} characters in the ${what} exceed the ${limit} character maximum for ${end}. We recommend that you use multiple granular policies.`

const identityTooLong = tooLong('identity policy, excluding whitespace,', 'inline and managed policies')

const { managed, scp, rcp, trust } = policySizeLimits

const limits: Partial<Readonly<Record<PolicyKind, SizeLimit>>> = {
  identity: {
    limit: managed,
    class: 'warning',
    code: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
    says: identityTooLong,
  },
  boundary: {
    limit: managed,
    class: 'warning',
    code: 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
    says: identityTooLong,
  },
  trust: {
    limit: trust,
    class: 'warning',
    code: 'POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA',
    says: () =>
      'The characters in the role trust policy, excluding whitespace, exceed the character maximum. We recommend that you request a role trust policy length quota increase using Service Quotas and AWS Support Center. If the quotas have already been increased, then you can ignore this warning.',
  },
  scp: {
    limit: scp,
    class: 'error',
    code: 'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
    says: tooLong('service control policy (SCP)', 'SCPs'),
  },
  rcp: {
    limit: rcp,
    class: 'error',
    code: 'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
    says: tooLong('resource control policy (RCP)', 'RCPs'),
  },
}

/** Size and Sids. */
export function checkDocument(policy: Policy, report: Report): void {
  const { kind, text, statements } = policy
  const size = policySize(text)
  const limit = limits[kind]
  if (limit !== undefined && size > limit.limit) {
    const message = limit.says(size, limit.limit)
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
