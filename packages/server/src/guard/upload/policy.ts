import { Fault, fault } from '../../base/index.ts'

/** The values that a policy is compared with. */
export interface Uploaded {
  /** Names in lower case, the bucket's among them. */
  readonly fields: ReadonlyMap<string, string>
  readonly length: number
}

interface Document {
  readonly expiration: number
  readonly conditions: readonly unknown[]
}

/** Fields that no condition need be about. */
const free = /^(?:x-amz-signature|awsaccesskeyid|signature|file|policy|bucket|x-ignore-.*)$/

/**
 * Holds a form against the policy that was signed for it (behaviour GRD-33).
 * @throws Fault in S3's words
 */
export function checkPolicy(encoded: string, uploaded: Uploaded, now: number): void {
  const { expiration, conditions } = documentOf(encoded)
  if (expiration <= now) throw refused('Policy expired.')
  const named = new Set<string>()
  for (const condition of conditions) {
    const [operator, field, value] = partsOf(condition)
    if (operator === 'content-length-range') {
      checkLength(Number(field), Number(value), uploaded.length)
      continue
    }
    named.add(field)
    const found = uploaded.fields.get(field) ?? ''
    const holds =
      operator === 'eq' ? found === value : valuesOf(field, found).every((one) => one.startsWith(value))
    if (!holds) throw refused(`Policy Condition failed: ["${operator}", "$${field}", "${value}"]`)
  }
  const extra = [...uploaded.fields.keys()].filter((name) => !free.test(name) && !named.has(name))
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`)
}

/** Of content types a list, parted by commas, of which each must begin so. */
function valuesOf(field: string, found: string): readonly string[] {
  return field === 'content-type' ? found.split(',').map((type) => type.trimStart()) : [found]
}

/** ISO 8601 in UTC, and no time of somewhere else. */
const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z$/

function documentOf(encoded: string): Document {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
  } catch {
    throw invalid('Invalid JSON.')
  }
  const { expiration, conditions } = Object(value) as Readonly<Record<string, unknown>> // of anything but an object, none
  const until =
    typeof expiration === 'string' && utcTime.test(expiration) ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(until)) throw invalid('Invalid or missing expiration.')
  if (!Array.isArray(conditions) || conditions.length > 200) throw invalid('Invalid conditions.')
  return { expiration: until, conditions }
}

/** `{"field": "value"}`, or `["eq", "$field", "value"]`; of a length, its least and its greatest. */
function partsOf(condition: unknown): readonly [operator: string, field: string, value: string] {
  if (!Array.isArray(condition)) {
    const [entry, second] = Object.entries(Object(condition) as Readonly<Record<string, unknown>>) // as above
    if (entry === undefined || second !== undefined || typeof entry[1] !== 'string')
      throw invalid('Invalid condition.')
    return ['eq', entry[0].toLowerCase(), entry[1]]
  }
  const [operator, field, value] = condition.map(String)
  const kind = (operator ?? '').toLowerCase()
  if (condition.length !== 3 || field === undefined || value === undefined)
    throw invalid('Invalid condition.')
  if (kind === 'content-length-range') {
    if (!/^\d{1,15}$/.test(field) || !/^\d{1,15}$/.test(value)) throw invalid('Invalid content-length-range.')
    return [kind, field, value]
  }
  if ((kind !== 'eq' && kind !== 'starts-with') || !field.startsWith('$')) throw invalid('Invalid condition.')
  return [kind, field.slice(1).toLowerCase(), value]
}

function checkLength(least: number, most: number, length: number): void {
  if (length > most)
    throw new Fault('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
      ProposedSize: String(length),
      MaxSizeAllowed: String(most),
    })
  if (length < least)
    throw new Fault('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ProposedSize: String(length),
      MinSizeAllowed: String(least),
    })
}

function refused(why: string): Fault {
  return fault('AccessDenied', `Invalid according to Policy: ${why}`, 403)
}

function invalid(why: string): Fault {
  return fault('InvalidPolicyDocument', `Invalid Policy: ${why}`, 400)
}
