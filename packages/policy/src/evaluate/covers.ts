import type { CompiledStatement } from '../compile/statement.ts'
import { isSpared, mayBeNamed, type Naming, namesCaller, naming, notNamed } from '../match/principal.ts'
import type { Principal } from '../request/principal.ts'

/** Whether a Deny applies to the caller. Without a Principal it applies to everyone who has the policy. */
export function denyCovers(
  statement: CompiledStatement,
  principal: Principal,
  hasBoundary: boolean,
): boolean {
  const test = statement.principal
  if (test === undefined) return true
  if (test.negated) return !isSpared(test, principal, hasBoundary)
  return naming(test, principal) !== notNamed || mayBeNamed(test, principal)
}

/** How an Allow names the caller. Without a Principal it grants to everyone who has the policy. */
export function allowNaming(statement: CompiledStatement, principal: Principal): Naming {
  const test = statement.principal
  if (test === undefined) return namesCaller
  return test.negated ? notNamed : naming(test, principal)
}

/** Allow with NotPrincipal is not supported by AWS: it cannot be evaluated, and so grants nothing (behaviour POL-033). */
export function isUnsupported(statement: CompiledStatement): boolean {
  return statement.principal?.negated === true && statement.statement.effect === 'Allow'
}
