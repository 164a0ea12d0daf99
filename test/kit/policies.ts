/** A statement or a principal, written as in a policy. */
type Json = Readonly<Record<string, unknown>>

/** One name or several, as policies write them. */
type Names = string | readonly string[]

/** A statement that allows actions; `more` is what it has beside them, such as a condition. */
export function allow(Action: Names, Resource: Names = '*', more: Json = {}) {
  return { Effect: 'Allow' as const, Action, Resource, ...more }
}

/** A statement that denies actions; `more` is what it has beside them, such as a condition. */
export function deny(Action: Names, Resource: Names = '*', more: Json = {}) {
  return { Effect: 'Deny' as const, Action, Resource, ...more }
}

/** The text of a policy with these statements. */
export function policyText(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

/** The text of a role's policy that lets a principal assume it, if the condition holds. */
export function trustPolicy(
  Principal: object | string,
  Action: Names = 'sts:AssumeRole',
  Condition?: object,
): string {
  return policyText({ Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) })
}
