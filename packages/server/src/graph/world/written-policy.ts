import { type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'

/** A policy with one statement that the program itself writes. */
export function writtenPolicy(statement: object, kind: PolicyKind, id?: string): Policy {
  const named = id === undefined ? {} : { Id: id }
  const text = JSON.stringify({ Version: '2012-10-17', ...named, Statement: [statement] }, undefined, 2)
  const parsed = parsePolicy(text, kind, { lenient: true })
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}
