import { parsePolicy, type Statement } from '@omen-iam/policy'

/** The requirements of a trust policy for a caller that would assume the role. */
export interface Trust {
  readonly principals: readonly string[]
  readonly externalId: string | undefined
  readonly mfa: boolean
}

/** Reads a trust policy's text; an unreadable one allows no caller. */
export function readTrust(text: string): Trust {
  const parsed = parsePolicy(text, 'trust', { lenient: true })
  const statements = parsed.ok ? parsed.policy.statements.filter(letsAssume) : []
  const principals = statements.flatMap((statement) =>
    (statement.principal?.entries ?? []).flatMap(({ type, value }) => (type === 'AWS' ? [value] : [])),
  )
  const values = statements.flatMap((statement) => valuesOf(statement, 'stringequals', 'sts:externalid'))
  return {
    principals: [...new Set(principals)],
    externalId: values[0],
    mfa: statements.some((statement) =>
      valuesOf(statement, 'bool', 'aws:multifactorauthpresent').includes('true'),
    ),
  }
}

function letsAssume(statement: Statement): boolean {
  const { effect, action, principal } = statement
  return (
    effect === 'Allow' &&
    principal?.negated === false &&
    !action.negated &&
    action.values.some(({ value }) =>
      ['sts:assumerole', 'sts:*', '*', 'sts:assume*'].includes(value.toLowerCase()),
    )
  )
}

function valuesOf(statement: Statement, operator: string, key: string): readonly string[] {
  return statement.condition.flatMap((entry) =>
    entry.operator.toLowerCase() === operator && entry.key.toLowerCase() === key
      ? entry.values.map(({ value }) => value)
      : [],
  )
}
