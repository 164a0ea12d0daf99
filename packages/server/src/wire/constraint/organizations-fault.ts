import { Fault } from '../../base/index.ts'
import type { Failure } from './check.ts'

/** A reason of InvalidInputException, and its sentence. */
type Answer = readonly [reason: string, text: string]

/** Organizations reports only the first violation, in its own words and with a reason (behaviour ORG-62). */
export function organizationsFault(failures: readonly Failure[]): Fault {
  const [reason, text] = answerTo(failures[0]!)
  return new Fault('InvalidInputException', text, 400, { Reason: reason })
}

function answerTo({ rule, constraint }: Failure): Answer {
  switch (rule.kind) {
    case 'required':
      return ['INPUT_REQUIRED', 'You must include a value for all required parameters.']
    case 'enum':
      return constraint.includes('TAG_POLICY')
        ? ['INVALID_ENUM_POLICY_TYPE', 'You specified an invalid policy type string.']
        : ['INVALID_ENUM', 'You specified an invalid value.']
    case 'pattern':
      return ['INVALID_PATTERN', 'You provided a value that does not match the required pattern.']
    case 'items':
      return [
        'INVALID_LIST_MEMBER',
        'You provided a list to a parameter that contains at least one invalid value.',
      ]
    case 'max':
      return rule.numeric
        ? ['MAX_VALUE_EXCEEDED', 'You provided a numeric parameter that has a larger value than allowed.']
        : ['MAX_LENGTH_EXCEEDED', 'You provided a string parameter that is longer than allowed.']
    case 'min':
      return rule.numeric
        ? ['MIN_VALUE_EXCEEDED', 'You provided a numeric parameter that has a smaller value than allowed.']
        : ['MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.']
  }
}
