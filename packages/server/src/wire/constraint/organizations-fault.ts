import { Fault } from '../../base/index.ts'
import type { Failure } from './check.ts'

/** A reason of InvalidInputException, and its sentence. */
type Answer = readonly [reason: string, text: string]

/**
 * Organizations reports only the first violation, in its own words, with a reason that ends with the member (behaviour
 * ORG-62).
 */
export function organizationsFault(failures: readonly Failure[], operation: string): Fault {
  const first = failures[0]!
  const [reason, text] =
    ofTarget(failures) ?? (ofAccount(first, operation) ? notSupported : undefined) ?? ofMember(first)
  return new Fault('InvalidInputException', text, 400, { Reason: reason })
}

const noMatch = 'You provided a value that does not match the required pattern.'
const notSupported: Answer = [
  'TARGET_NOT_SUPPORTED',
  'You specified a target that is not currently supported.',
]

/** The party that is invited: its type is looked at before its id, and neither is named (behaviour ORG-111). */
function ofTarget(failures: readonly Failure[]): Answer | undefined {
  const of = (place: string): boolean => failures.some(({ path }) => path === place)
  if (of('target.type')) {
    return ['INVALID_PARTY_TYPE_TARGET', 'You specified an invalid party type as the target parameter.']
  }
  return of('target') || of('target.id') ? ['INVALID_PATTERN', noMatch] : undefined
}

/** Whatever has no effective policy is no account: a root, a unit, nothing (behaviour ORG-111). */
function ofAccount({ path }: Failure, operation: string): boolean {
  return operation === 'ListEffectivePolicyValidationErrors' && path === 'accountId'
}

function ofMember(failure: Failure): Answer {
  const [reason, text] = answerTo(failure)
  return reason === 'INVALID_ENUM_POLICY_TYPE' ? [reason, text] : [`${reason}:${memberOf(failure)}`, text]
}

/** Returns a member in capitals: `tags.1.member.key` is TAGS_1_MEMBER_KEY, `organizationalUnitId` ORGANIZATIONAL_UNIT_ID. */
function memberOf({ path }: Failure): string {
  return path
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()
}

function answerTo({ rule, value }: Failure): Answer {
  switch (rule.kind) {
    case 'required':
      return ['INPUT_REQUIRED', 'You must provide a value for the parameter.']
    case 'enum':
      // a policy type that has no effective policies
      return value === 'SERVICE_CONTROL_POLICY'
        ? ['INVALID_ENUM_POLICY_TYPE', 'You specified an invalid policy type.']
        : ['INVALID_ENUM', 'You specified an invalid value.']
    case 'pattern':
      return ['INVALID_PATTERN', noMatch]
    case 'items':
      return [
        'INVALID_LIST_MEMBER',
        'You provided a list to a parameter that contains at least one invalid value.',
      ]
    case 'max':
      return rule.numeric
        ? ['MAX_VALUE_EXCEEDED', 'You provided a value that exceeds the maximum allowed.']
        : ['MAX_LENGTH_EXCEEDED', 'You provided a string that exceeds that maximum length.']
    case 'min':
      return rule.numeric
        ? ['MIN_VALUE_EXCEEDED', 'You provided a value that is below the minimum allowed.']
        : ['MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.']
  }
}
