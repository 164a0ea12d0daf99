import type { ConditionEntry, Policy, Statement } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

const isServiceKey = 'aws:principalisawsservice'
/** Keys of the caller, and keys of the source for which a service acts. */
const callers = /^aws:principal(?:arn|account|orgid|orgpaths|tag\/.*|type)$|^aws:(?:userid|username)$/i
const sources = /^aws:source(?:arn|account|orgid|orgpaths)$/i

/** Elements that RCPs do not support, and missing conditions that exempt AWS services (behaviour POL-150). */
export function checkResourceControl({ kind, statements }: Policy, report: Report): void {
  if (kind !== 'rcp') return
  for (const statement of statements) {
    checkSyntax(statement, report)
    if (statement.effect === 'Deny') checkServices(statement, report)
  }
}

function checkSyntax({ index, effect, action, resource, condition, span }: Statement, report: Report): void {
  if (action.negated) {
    const message = 'RCPs do not support the NotAction element. Update to use the Action element.'
    report.note(
      'error',
      'RCP_SYNTAX_ERROR_NOTACTION',
      message,
      ['Statement', index, 'NotAction'],
      action.span,
    )
  }
  const all = resource?.negated === false && resource.values.every(({ value }) => value === '*')
  if (effect === 'Allow' && (condition.length > 0 || !all)) {
    report.note(
      'error',
      'RCP_SYNTAX_ERROR_ALLOW',
      'RCPs only support specifying all principals ("*") in the Principal element, all resources ("*") in the Resource element, and no Condition element with an effect of Allow.',
      ['Statement', index],
      span,
    )
  }
}

function checkServices({ index, condition }: Statement, report: Report): void {
  const asked = condition.find(({ key }) => key.toLowerCase() === isServiceKey)
  const caller = condition.find(({ key }) => callers.test(key))
  const source = condition.find(({ key, operator }) => sources.test(key) && operator !== 'Null')
  const note = (code: string, message: string, { operator, key, span }: ConditionEntry): void =>
    report.note('warning', code, message, ['Statement', index, 'Condition', operator, key], span)
  if (caller !== undefined && asked === undefined)
    note(
      'RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
      spare(
        'services acting on your behalf using a service principal',
        'false',
        `a principal key ${caller.key}`,
      ),
      caller,
    )
  if (source === undefined) return
  if (asked === undefined)
    note(
      'RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
      spare('your principals', 'true', `the key ${source.key}`),
      source,
    )
  if (condition.some(({ key, operator }) => operator === 'Null' && /^aws:source(?:account|arn)$/i.test(key)))
    return
  note(
    'RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
    `The specified service may have a service integration that does not require the use of the ${source.key} condition key. To prevent unintended impact to services acting on your behalf using a service principal, an additional statement should be added to the Condition block "Null": { "aws:SourceAccount": "false"} or "Null": { "aws:SourceArn": "false"} whenever the key ${source.key} is used.`,
    source,
  )
}

function spare(whom: string, value: string, where: string): string {
  return `RCPs impact IAM roles, users, and AWS service principals. To prevent unintended impact to ${whom}, an additional statement should be added to the Condition block "BoolIfExists": { "aws:PrincipalIsAWSService": "${value}"} whenever ${where} is used.`
}
