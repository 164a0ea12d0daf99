import { parseOperator } from '../condition/operators.ts'
import type { Path } from '../document/finding.ts'
import type { Located, Policy } from '../document/policy.ts'
import type { Report } from '../parse/report.ts'

/** Malformed variables, and variables in elements that do not support them. */
export function checkVariables({ version, statements }: Policy, report: Report): void {
  for (const { index, action, resource, principal, condition } of statements) {
    const path = ['Statement', index]
    for (const value of action.values) checkPlain(value, [...path, action.negated ? 'NotAction' : 'Action'])
    for (const value of principal?.entries ?? [])
      checkPlain(value, [...path, principal?.negated ? 'NotPrincipal' : 'Principal'])
    for (const value of resource?.values ?? [])
      checkValue(value, [...path, resource?.negated ? 'NotResource' : 'Resource'])
    for (const { operator, key, values } of condition) {
      for (const value of values) {
        const at = [...path, 'Condition', operator, key]
        if (!value.value.includes('${')) continue
        const { base, operator: row } = parseOperator(operator)
        if (row?.takesVariables) checkValue(value, at)
        else if (row !== undefined || base === 'Null')
          note(
            value,
            at,
            'INVALID_VARIABLE_FOR_OPERATOR',
            'Policy variables can only be used with String and ARN operators.',
          )
      }
    }
  }

  function checkPlain(value: Located, path: Path): void {
    if (!value.value.includes('${')) return
    note(
      value,
      path,
      'VARIABLE_UNSUPPORTED_IN_ELEMENT',
      `Policy variables are supported in the Resource and Condition elements. Remove the policy variable ${firstVariable(value.value)} from this element.`,
    )
  }

  function checkValue(value: Located, path: Path): void {
    if (!value.value.includes('${')) return
    if (version !== '2012-10-17') {
      note(
        value,
        path,
        'VARIABLE_UNSUPPORTED_IN_VERSION',
        'To include variables in your policy, use the policy version 2012-10-17 or later.',
      )
    }
    const fault = variableFault(value.value)
    if (fault !== undefined) note(value, path, ...fault)
  }

  function note({ span }: Located, path: Path, code: string, message: string): void {
    report.note('error', code, message, path, span)
  }
}

/** The first variable of a text that has one, as it is written. */
function firstVariable(text: string): string {
  const from = text.indexOf('${')
  const close = text.indexOf('}', from)
  return close === -1 ? text.slice(from) : text.slice(from, close + 1)
}

function variableFault(text: string): readonly [code: string, message: string] | undefined {
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', at + 2)) {
    const close = text.indexOf('}', at)
    if (close === -1) {
      return [
        'MISSING_BRACE_IN_VARIABLE',
        'The policy variable is missing a closing curly brace. Add } after the variable text.',
      ]
    }
    const inside = text.slice(at + 2, close)
    const comma = inside.indexOf(',')
    const name = comma === -1 ? inside : inside.slice(0, comma)
    const fallback = comma === -1 ? "''" : inside.slice(comma + 1).trim()
    if (name === '') {
      return [
        'EMPTY_VARIABLE',
        'Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure.',
      ]
    }
    // Tag keys may contain spaces.
    if (name.includes(' ') && !name.includes('/')) {
      return [
        'UNSUPPORTED_SPACE_IN_VARIABLE',
        'A space is not supported within the policy variable text. Remove the space.',
      ]
    }
    if (fallback.length < 2 || !fallback.startsWith("'") || !fallback.endsWith("'")) {
      return [
        'MISSING_QUOTE_IN_VARIABLE',
        'The policy variable default value must begin and end with a single quote. Add the missing quote.',
      ]
    }
  }
  return undefined
}
