import { parseOperator } from '../condition/operators.ts'
import type { Policy, PrincipalEntry, Statement } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** Keys of the source for which a service acts. A condition on one of them prevents the confused deputy. */
const sources: readonly string[] = [
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
]
const serviceForm = /^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/
/** Keys whose values are services. */
const naming: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'iam:awsservicename',
  'iam:passedtoservice',
])

/** Services and providers in resource policies, and all names of services (behaviour POL-150). */
export function checkServices({ kind, statements }: Policy, report: Report): void {
  for (const statement of statements) {
    const path = ['Statement', statement.index, 'Principal']
    const entries = statement.principal?.entries ?? []
    for (const { type, value, span } of entries) {
      if (type === 'Service' && !serviceForm.test(value)) report.note('error', ...badService(), path, span)
      if (type === 'Federated' && kind !== 'trust') {
        report.note(
          'error',
          'FEDERATED_PRINCIPAL_NOT_SUPPORTED',
          'The policy type does not support a federated identity provider in the principal element. Use a supported principal.',
          path,
          span,
        )
      }
    }
    if (kind === 'resource' || kind === 'key') checkSource(statement, entries, report)
    checkNames(statement, report)
  }
}

function checkSource(
  { index, effect, principal, condition }: Statement,
  entries: readonly PrincipalEntry[],
  report: Report,
): void {
  const service = entries.find(({ type }) => type === 'Service')
  if (service === undefined || effect !== 'Allow' || principal?.negated !== false) return
  if (condition.some(({ key }) => sources.includes(key.toLowerCase()))) return
  const other = condition.find(({ key }) => key.toLowerCase() === 'aws:referer')
  if (other !== undefined) {
    report.note(
      'suggestion',
      'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
      `To restrict access to the service principal ${service.value} operating on your behalf, we recommend aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths instead of ${other.key}.`,
      ['Statement', index, 'Condition', other.operator, other.key],
      other.span,
    )
    return
  }
  report.note(
    'securityWarning',
    'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
    'Granting access to a service principal without specifying a source is overly permissive. Use aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths condition key to grant fine-grained access.',
    ['Statement', index, 'Principal'],
    service.span,
  )
}

function checkNames({ index, condition }: Statement, report: Report): void {
  for (const { operator, key, values } of condition) {
    if (!naming.has(key.toLowerCase()) || parseOperator(operator).base === 'Null') continue
    for (const { value, span } of values) {
      if (/[*?]|\$\{/.test(value) || serviceForm.test(value)) continue
      report.note('error', ...badService(), ['Statement', index, 'Condition', operator, key], span)
    }
  }
}

function badService(): readonly [code: string, message: string] {
  return [
    'INVALID_SERVICE_PRINCIPAL_FORMAT',
    'The service principal does not match the expected format. Use the format service-name.amazonaws.com.',
  ]
}
