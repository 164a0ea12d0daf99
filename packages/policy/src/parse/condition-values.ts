import { isBase64 } from '../condition/binary.ts'
import { parseDate } from '../condition/date.ts'
import { parseNetwork } from '../condition/ip.ts'
import { parseNumber } from '../condition/number.ts'
import type { ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import type { Path } from '../document/finding.ts'
import type { Located, PolicyKind } from '../document/policy.ts'
import { isLegacyArn } from './arn-fields.ts'
import type { RefusalCode } from './refusals.ts'
import { type Report, stretch } from './report.ts'

interface Check {
  readonly fits: (value: string) => boolean
  readonly code: RefusalCode
  readonly wants: string
}

/** The types whose values IAM checks when it stores a document (behaviour POL-149). */
const stored: Readonly<Partial<Record<ValueType, Check>>> = {
  Date: { fits: isParsed(parseDate), code: 'CONDITION_VALUE', wants: 'a date' },
  Numeric: { fits: isParsed(parseNumber), code: 'CONDITION_VALUE', wants: 'a number' },
  IpAddress: { fits: isParsed(parseNetwork), code: 'CONDITION_VALUE', wants: 'an IP range' },
  Arn: { fits: isLegacyArn, code: 'CONDITION_VALUE', wants: 'an ARN' },
  Binary: { fits: isBase64, code: 'INVALID_BINARY', wants: 'base64' },
}

/** STS takes a session policy with any other value (behaviour POL-240). */
const session: typeof stored = { Binary: stored.Binary! }

/** Only the kinds that IAM and STS read are checked. */
const checks: Readonly<Partial<Record<PolicyKind, typeof stored>>> = {
  identity: stored,
  boundary: stored,
  trust: stored,
  session,
}

/** Reports the values of a condition for which AWS refuses a document. */
export function checkValues(
  operator: string,
  values: readonly Located[],
  path: Path,
  kind: PolicyKind,
  report: Report,
): void {
  const type = parseOperator(operator).operator?.type
  const check = type && checks[kind]?.[type]
  if (check === undefined) return
  for (const { value, span } of values) {
    if (!isPlaceholder(value) && !check.fits(value))
      report.refuse(check.code, `${value} is not ${check.wants}`, path, stretch(span))
  }
}

/** A template of delegation has `@{name}` where its parameters go. */
function isPlaceholder(value: string): boolean {
  return value.includes('@{')
}

function isParsed(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => parse(text) !== undefined
}
