import { parseOperator } from '../condition/operators.ts'
import type { ConditionEntry, Policy } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** Conditions that protect less than they seem to (behaviour POL-150). */
export function checkExposures({ statements }: Policy, report: Report): void {
  for (const { index, effect, condition } of statements) {
    const note = (code: string, message: string, { operator, key, span }: ConditionEntry): void =>
      report.note('securityWarning', code, message, ['Statement', index, 'Condition', operator, key], span)
    const selects = selectsAttributes(condition)
    for (const entry of condition) {
      const key = entry.key.toLowerCase()
      const { set, operator } = parseOperator(entry.operator)
      const isText = operator?.type === 'String'
      if (key === 's3:prefix' && isText && operator.negated === (effect === 'Allow')) {
        note(
          'S3_PREFIX_IN_NEGATIVE_CONTEXT',
          'Using the s3:prefix condition key in a Deny statement or with a negated string operator does not block listing the objects under the matching prefixes. A request that specifies a shorter prefix does not match the condition and can still list those objects. To restrict listing to specific prefixes, use s3:prefix with StringLike in an Allow statement, or use a Deny statement with StringNotLike.',
          entry,
        )
      }
      if (key === 'dynamodb:attributes' && effect === 'Allow' && !selects) {
        note(
          'DYNAMODB_ATTRIBUTES_WITHOUT_SELECT',
          'Restricting dynamodb:Attributes without also setting dynamodb:Select to SPECIFIC_ATTRIBUTES allows all attributes to be returned on read requests that omit a projection expression. We recommend that you also set dynamodb:Select to SPECIFIC_ATTRIBUTES.',
          entry,
        )
      }
      if (set === 'ForAnyValue' && key.endsWith(':aud') && !key.startsWith('saml:')) {
        note(
          'FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
          `Using ForAnyValue qualifier with the single-valued condition key ${entry.key} can be overly permissive. We recommend that you remove ForAnyValue:.`,
          entry,
        )
      }
    }
  }
}

function selectsAttributes(condition: readonly ConditionEntry[]): boolean {
  return condition.some(
    ({ key, values }) =>
      key.toLowerCase() === 'dynamodb:select' && values.every(({ value }) => value === 'SPECIFIC_ATTRIBUTES'),
  )
}
