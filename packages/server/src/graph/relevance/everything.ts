import type { Statement } from '@omen-iam/policy'
import type { Document } from '../world/world.ts'

/** Whether a document makes a difference beside one that allows everything: it denies something, or no file has it. */
export function limitsAnyway(document: Document): boolean {
  return document.isUnknown === true || document.policy.statements.some(({ effect }) => effect === 'Deny')
}

/** Whether a document that some file has allows everything on everything, without a condition. */
export function allowsAll({ isUnknown, policy }: Document): boolean {
  return isUnknown !== true && policy.statements.some(isEverything)
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
