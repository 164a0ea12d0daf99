import type { Policy } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** Principals that grant more than expected, or that stop working. */
export function checkPrincipals({ kind, statements }: Policy, report: Report): void {
  for (const { index, effect, principal, condition } of statements) {
    if (principal === undefined) continue
    const path = ['Statement', index, principal.negated ? 'NotPrincipal' : 'Principal']
    if (principal.entries.length === 0 && !report.refused) {
      report.note(
        'suggestion',
        'EMPTY_ARRAY_PRINCIPAL',
        'This statement includes no principals and does not affect the policy. Specify principals.',
        path,
        principal.span,
      )
    }
    if (principal.negated && effect === 'Allow') {
      report.note(
        'securityWarning',
        'ALLOW_WITH_NOT_PRINCIPAL',
        'Using Allow with NotPrincipal can be overly permissive. We recommend that you use Principal instead.',
        path,
        principal.span,
      )
    }
    for (const { type, value, span } of principal.entries) {
      if (type === 'AWS' && value.startsWith('AROA')) {
        report.note(
          'warning',
          'INVALID_ROLE_REFERENCE',
          `The Principal element includes the IAM role ID ${value}. We recommend that you use a role ARN instead.`,
          path,
          span,
        )
      }
      if (type === 'AWS' && value.startsWith('AIDA')) {
        report.note(
          'warning',
          'INVALID_USER_REFERENCE',
          `The Principal element includes the IAM user ID ${value}. We recommend that you use a user ARN instead.`,
          path,
          span,
        )
      }
    }
    const open = effect === 'Allow' && !principal.negated && condition.length === 0
    const everyone = principal.entries.find(({ type, value }) => type === 'AWS' && value === '*')
    if (open && everyone !== undefined && (kind === 'trust' || kind === 'key' || kind === 'resource')) {
      report.note(
        'securityWarning',
        'ALLOW_WITH_STAR_PRINCIPAL',
        'The statement allows everyone, in every account, without a condition.',
        path,
        everyone.span,
      )
    }
    const token = principal.entries.find(({ type, value }) => type === 'Federated' && isTokenProvider(value))
    if (open && token !== undefined) {
      report.note(
        'securityWarning',
        'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
        'Using an Open ID Connect principal without a condition can be overly permissive. Add condition keys with a prefix that matches your federated OIDC principals to ensure that only the intended identity provider assumes the role.',
        path,
        token.span,
      )
    }
  }
}

function isTokenProvider(provider: string): boolean {
  return !provider.includes(':saml-provider/')
}
