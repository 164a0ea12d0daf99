import { isWild } from '../match/action.ts'
import { splitFields } from '../match/resource.ts'

/** The names by position of an ARN's fields. */
export const regionField = 3
export const accountField = 4

/**
 * A field of an ARN that IAM's older parser cannot read, which refuses a document: `The policy failed legacy parsing`
 * (behaviours POL-155 and POL-241). A field that is absent, empty or a pattern is one that it reads.
 */
export function legacyFault(fields: readonly string[]): typeof regionField | typeof accountField | undefined {
  if (!fits(fields[regionField], isRegion)) return regionField
  return fits(fields[accountField], isAccount) ? undefined : accountField
}

/** Whether IAM stores a text as a value of an ARN operator: `*`, or an ARN whose fields its older parser can read. */
export function isLegacyArn(value: string): boolean {
  const fields = splitFields(value)
  const [first = ''] = fields
  return (first === 'arn' || (isWild(first) && !first.includes('${'))) && legacyFault(fields) === undefined
}

/** An ARN with `*` for each field that is missing, as AWS's messages show it. */
export function padded(fields: readonly string[]): string {
  const missing = new Array<string>(Math.max(0, 6 - fields.length)).fill('*')
  return [...fields, ...missing].join(':')
}

function fits(field: string | undefined, form: (text: string) => boolean): boolean {
  return field === undefined || field === '' || isWild(field) || form(field)
}

/** Words with one hyphen between them: `us-gov-west-1`, not `b` or `us-west--2`. */
function isRegion(text: string): boolean {
  return /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+$/.test(text)
}

/** Twelve digits or an owner such as `aws`. */
function isAccount(text: string): boolean {
  return /^(?:\d{12}|[a-z-]+)$/.test(text)
}
