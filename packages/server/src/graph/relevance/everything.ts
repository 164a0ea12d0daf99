import type { Statement } from '@omen-iam/policy'
import type { Document } from '../world/world.ts'

/** Whether a document denies something. */
export function deniesSomething({ policy }: Document): boolean {
  return policy.statements.some(({ effect }) => effect === 'Deny')
}

/** Whether a document makes a difference beside one that allows everything: it denies something, or no file has it. */
export function limitsAnyway(document: Document): boolean {
  return document.isUnknown === true || deniesSomething(document)
}

/** Whether a document allows everything on everything, without a condition; also one in place of a policy that no file has. */
export function mayAllowAll({ policy }: Document): boolean {
  return policy.statements.some(isEverything)
}

/** The same of a document that some file has. */
export function allowsAll(document: Document): boolean {
  return document.isUnknown !== true && mayAllowAll(document)
}

function isEverything({ effect, action, resource, condition, principal }: Statement): boolean {
  const isAny = (part: Statement['action']): boolean =>
    !part.negated && part.values.some(({ value }) => value === '*')
  return (
    effect === 'Allow' &&
    principal === undefined &&
    condition.length === 0 &&
    isAny(action) &&
    resource !== undefined &&
    isAny(resource)
  )
}
