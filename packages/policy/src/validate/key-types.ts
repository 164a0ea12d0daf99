import type { ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import type { ConditionEntry, Policy } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** The type of a key's values, and the types of operators that fit it. */
interface KeyType {
  readonly holds: ValueType
  readonly operators: readonly ValueType[]
  /** As Access Analyzer names the operators that should be used. */
  readonly allowed: string
}

const bool: KeyType = { holds: 'Bool', operators: ['Bool'], allowed: 'Bool' }
const numeric: KeyType = { holds: 'Numeric', operators: ['Numeric'], allowed: 'Numeric' }
const date: KeyType = { holds: 'Date', operators: ['Date'], allowed: 'Date' }
const dateOrNumeric: KeyType = { holds: 'Date', operators: ['Date', 'Numeric'], allowed: 'Date' }
const address: KeyType = { holds: 'IpAddress', operators: ['IpAddress'], allowed: 'IpAddress' }
const arn: KeyType = { holds: 'Arn', operators: ['Arn', 'String'], allowed: 'ArnLike' }

/** Global keys that do not hold plain text. Text keys are not checked, because tags may hold numbers. */
const types: ReadonlyMap<string, KeyType> = new Map([
  ['aws:assumedroot', bool],
  ['aws:multifactorauthpresent', bool],
  ['aws:principalisawsservice', bool],
  ['aws:securetransport', bool],
  ['aws:viaawsmcpservice', bool],
  ['aws:viaawsservice', bool],
  ['aws:multifactorauthage', numeric],
  ['ec2:roledelivery', numeric],
  ['aws:currenttime', date],
  ['aws:tokenissuetime', date],
  ['aws:epochtime', dateOrNumeric],
  ['aws:ec2instancesourceprivateipv4', address],
  ['aws:sourceip', address],
  ['aws:vpcsourceip', address],
  ['aws:chatbotsourcearn', arn],
  ['aws:principalarn', arn],
  ['aws:signinsessionarn', arn],
  ['aws:sourcearn', arn],
  ['aws:sourcevpcarn', arn],
  ['codebuild:buildarn', arn],
  ['codebuild:projectarn', arn],
  ['ec2:sourceinstancearn', arn],
  ['iam:associatedresourcearn', arn],
  ['iam:policyarn', arn],
  ['lambda:sourcefunctionarn', arn],
  ['ssm:sourceinstancearn', arn],
])

/** The type of a global key; undefined for plain text. */
export function typeOfKey(key: string): ValueType | undefined {
  return types.get(key.toLowerCase())?.holds
}

/** Keys whose values must have a certain form. */
const forms: ReadonlyMap<string, readonly [form: RegExp, code: string, message: string]> = new Map([
  [
    'aws:sourcevpc',
    [
      /^vpc-(?:[0-9A-Za-z]{8}|[0-9A-Za-z]{17})$/,
      'INVALID_VPC_FORMAT',
      "The VPC identifier in the condition key value is not valid. Use the prefix 'vpc-' followed by 8 or 17 alphanumeric characters.",
    ],
  ],
  [
    'aws:sourcevpce',
    [
      /^vpce-(?:[0-9A-Za-z]{8}|[0-9A-Za-z]{17})$/,
      'INVALID_VPCE_FORMAT',
      "The VPCE identifier in the condition key value is not valid.  Use the prefix 'vpce-' followed by 8 or 17 alphanumeric characters.",
    ],
  ],
  [
    's3:x-amz-server-side-encryption-aws-kms-key-id',
    [
      /^arn:[^:]+:kms:[^:]*:[^:]*:(?:key|alias)\/./,
      'INVALID_KMS_KEY_VALUE',
      'The s3:x-amz-server-side-encryption-aws-kms-key-id condition key value must be a valid KMS key ARN.',
    ],
  ],
])

/** Keys whose values the caller chooses. */
const spoofedKeys: ReadonlySet<string> = new Set(['aws:referer', 'aws:useragent'])

/** Operators and values that do not match the type of a condition key (behaviour POL-150). */
export function checkKeyTypes({ statements }: Policy, report: Report): void {
  for (const { index, condition } of statements)
    for (const entry of condition) checkEntry(index, entry, report)
}

function checkEntry(index: number, { operator, key, values, span }: ConditionEntry, report: Report): void {
  const path = ['Statement', index, 'Condition', operator, key]
  const lowered = key.toLowerCase()
  const { base, operator: row } = parseOperator(operator)
  const type = types.get(lowered)
  if (type !== undefined && row !== undefined) {
    const message = `Use the operator type ${type.allowed} instead of operator ${base} for the condition key ${key}.`
    if (!type.operators.includes(row.type)) report.note('warning', 'TYPE_MISMATCH', message, path, span)
    else if (type === arn && row.type === 'String' && row.takesWildcards)
      report.note('securityWarning', 'STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS', message, path, span)
  }
  const form = forms.get(lowered)
  for (const { value, span: at } of base === 'Null' ? [] : values) {
    if (form !== undefined && !/[*?]|\$\{/.test(value) && !form[0].test(value))
      report.note('error', form[1], form[2], path, at)
  }
  if (spoofedKeys.has(lowered)) {
    const message = `The ${key} condition key is not recommended for access control as it can be spoofed/manipulated by the caller.`
    report.note('securityWarning', 'UNTRUSTWORTHY_CONDITION_KEY', message, path, span)
  }
}
