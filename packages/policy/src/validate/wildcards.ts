import { parseNumber } from '../condition/number.ts'
import { type ParsedOperator, parseOperator } from '../condition/operators.ts'
import type { ConditionEntry, Located, Policy } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** Keys in which AWS advises against wildcards, because they could allow anyone. */
const sensitiveKeys: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
])

const list =
  'Refer to https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html for the list of sensitive keys.'

/** Wildcards in conditions that allow more than intended, or have no effect (behaviour POL-150). */
export function checkWildcards({ version, statements }: Policy, report: Report): void {
  for (const { index, condition } of statements) {
    for (const entry of condition) {
      const name = parseOperator(entry.operator)
      const path = ['Statement', index, 'Condition', entry.operator, entry.key]
      // ARN patterns need six parts, so a lone asterisk there does not match everything.
      if (name.operator?.type === 'String' && name.operator.takesWildcards) {
        const fault = alwaysSame(entry, name)
        if (fault !== undefined) report.note('suggestion', ...fault, path, entry.span)
        for (const value of fault === undefined ? entry.values : []) {
          const wide = tooWide(entry.key, value, version === '2012-10-17')
          if (wide !== undefined) report.note('error', ...wide, path, value.span)
        }
      }
      const single = redundantNumber(entry, name)
      if (single !== undefined)
        report.note(
          'suggestion',
          'REDUNDANT_CONDITION_VALUE_NUM',
          `Multiple values in ${entry.operator} are redundant. Replace with the ${single} single value for ${entry.key}.`,
          path,
          entry.span,
        )
    }
  }
}

type Fault = readonly [code: string, message: string]

/** A lone asterisk only checks presence, or checks nothing. */
function alwaysSame({ operator, key, values }: ConditionEntry, name: ParsedOperator): Fault | undefined {
  if (!values.some(({ value }) => value === '*')) return undefined
  const matchesPresent = name.operator?.negated === false
  const matchesAbsent =
    name.ifExists || name.set === 'ForAllValues' || (!matchesPresent && name.set === undefined)
  if (matchesPresent === matchesAbsent) {
    return matchesPresent
      ? [
          'REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION',
          `The key ${key} in the condition block of ${operator} is redundant because it is always matched. Remove this key to simplify the condition.`,
        ]
      : [
          'REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
          `The key ${key} in the condition block of ${operator} does not match any values. Remove this key to simplify the condition.`,
        ]
  }
  return [
    `EQUIVALENT_TO_NULL_${matchesAbsent ? 'TRUE' : 'FALSE'}`,
    `We recommend replacing the key ${key} in the condition block of ${operator} with {Null: {${key}: ${matchesAbsent}}} to ensure better enforcement of the condition.`,
  ]
}

function tooWide(key: string, { value }: Located, variables: boolean): Fault | undefined {
  const lowered = key.toLowerCase()
  const wild = /[*?]/.test(withoutVariables(value))
  const variable = variables && /\$\{(?![*?$]\})/.test(value)
  if (!wild && !variable) return undefined
  const code = `${wild ? 'WILDCARD' : 'VARIABLE'}_USAGE_TOO_PERMISSIVE`
  const what = wild ? 'wildcard' : 'policy variable'
  if (sensitiveKeys.has(lowered)) {
    return [
      code,
      wild
        ? `The wildcard is not allowed in the condition key ${key}. We consider the key to be sensitive and wildcards are not allowed to be used with sensitive keys. ${list}`
        : `The policy variable is not allowed in the condition key ${key}. We consider the key to be sensitive and policy variables can be evaluated as effective wildcards. Therefore policy variables are not allowed to be used with sensitive keys. ${list}`,
    ]
  }
  const left = value.includes(':') ? value.slice(0, value.indexOf(':')) : undefined
  if (lowered !== 'aws:userid' || (left !== undefined && (left === '*' || !/[*?]|\$\{/.test(left))))
    return undefined
  return [
    code,
    `Overly permissive use of ${what} with aws:userID. Use the ${what} on the right side of colon or as the only character on the left side of a colon.`,
  ]
}

/** The text without `${…}`. Text after the last brace is not searched, because no variable ends there. */
function withoutVariables(text: string): string {
  const end = text.lastIndexOf('}') + 1
  return text.slice(0, end).replace(/\$\{[^}]*\}/g, '') + text.slice(end)
}

/** Only the widest of several bounds counts. */
function redundantNumber({ values }: ConditionEntry, { operator, set }: ParsedOperator): string | undefined {
  if (set !== undefined || values.length < 2) return undefined
  if (!values.every(({ value }) => parseNumber(value) !== undefined)) return undefined
  return operator?.type === 'Numeric' ? operator.bound : undefined
}
