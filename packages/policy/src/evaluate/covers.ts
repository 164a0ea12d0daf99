import type { CompiledStatement } from '../compile/statement.ts'
import { isSpared, NAMES_CALLER, type Naming, NOT_NAMED, naming } from '../match/principal.ts'
import type { Principal } from './principal.ts'

/** Whether a Deny is about the caller. One without a Principal is about everyone whom the policy is for. */
export function denyCovers(
  statement: CompiledStatement,
  principal: Principal,
  hasBoundary: boolean,
): boolean {
  const test = statement.principal
  if (test === undefined) return true
  return test.negated ? !isSpared(test, principal, hasBoundary) : naming(test, principal) !== NOT_NAMED
}

/** How an Allow names the caller. One without a Principal grants to whom the policy is for. */
export function allowNaming(statement: CompiledStatement, principal: Principal): Naming {
  const test = statement.principal
  if (test === undefined) return NAMES_CALLER
  return test.negated ? NOT_NAMED : naming(test, principal)
}

/** Allow with NotPrincipal is not supported by AWS: it cannot be evaluated, and so grants nothing. [POL-033] */
export function isUnsupported(statement: CompiledStatement): boolean {
  return statement.principal?.negated === true && statement.statement.effect === 'Allow'
}
