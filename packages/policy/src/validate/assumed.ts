import type { Finding } from '../document/finding.ts'

/**
 * The sentence of docs/behaviour that a finding rests on, by its code, if it is assumed: what the statement then does, or
 * that AWS would agree at all. Other findings repeat AWS's own checks. test/house/standing.test.ts compares each with
 * docs/behaviour.
 */
export const assumedFindings: Readonly<Record<string, string>> = {
  ACTION_WITHOUT_MATCHING_RESOURCE: 'LNT-1',
  ALLOW_WITH_STAR_PRINCIPAL: 'POL-152',
  FORANYVALUE_WITH_IF_EXISTS: 'POL-183',
  TYPE_MISMATCH_ARN: 'POL-180',
  UNKNOWN_SERVICE_PRINCIPAL: 'LNT-1',
  UNKNOWN_VARIABLE: 'LNT-1',
  UNSUPPORTED_ACTION_FOR_CONDITION_KEY: 'LNT-1',
}

/** The sentence that a finding rests on and that is assumed; undefined if it rests on none. */
export function assumedOf({ code }: Pick<Finding, 'code'>): string | undefined {
  return Object.hasOwn(assumedFindings, code) ? assumedFindings[code] : undefined
}
