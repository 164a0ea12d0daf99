import { compileDocument } from '../compile/document.ts'
import { applies, type CompiledStatement } from '../compile/statement.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import type { Policy } from '../document/policy.ts'
import { allowNaming, denyCovers, isUnsupported } from '../evaluate/covers.ts'
import { notNamed } from '../match/principal.ts'
import type { Request } from '../request/request.ts'

/**
 * Whether one document alone allows a request: a statement allows it, and none denies it or is a Deny that cannot be
 * evaluated. Other layers are not considered.
 */
export function isAllowedBy(policy: Policy, request: Request): boolean {
  const covering = compileDocument(policy).covering(request.action.toLowerCase())
  return (
    covering.some((compiled) => allows(compiled, request)) &&
    !covering.some((compiled) => denies(compiled, request))
  )
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
