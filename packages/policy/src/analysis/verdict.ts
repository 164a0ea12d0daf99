import { compileDocument } from '../compile/document.ts'
import { applies, type CompiledStatement } from '../compile/statement.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import type { Policy } from '../document/policy.ts'
import { allowNaming, denyCovers, isUnsupported } from '../evaluate/covers.ts'
import type { Request } from '../evaluate/request.ts'
import { notNamed } from '../match/principal.ts'

/**
 * The verdict of one document alone: `deny` if a statement denies the request or a Deny cannot be evaluated, `allow`
 * if one allows it, `none` otherwise. Other layers are not considered.
 */
export function verdictOf(policy: Policy, request: Request): 'allow' | 'deny' | 'none' {
  const covering = compileDocument(policy).covering(request.action.toLowerCase())
  if (covering.some((compiled) => denies(compiled, request))) return 'deny'
  return covering.some((compiled) => allows(compiled, request)) ? 'allow' : 'none'
}

export function denies(compiled: CompiledStatement, { principal, resource, context }: Request): boolean {
  return (
    compiled.statement.effect === 'Deny' &&
    denyCovers(compiled, principal, false) &&
    applies(compiled, resource, context) !== truthNo
  )
}

export function allows(compiled: CompiledStatement, { principal, resource, context }: Request): boolean {
  return (
    compiled.statement.effect === 'Allow' &&
    !isUnsupported(compiled) &&
    allowNaming(compiled, principal) !== notNamed &&
    applies(compiled, resource, context) === truthYes
  )
}
