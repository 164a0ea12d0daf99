import type { Statement } from '@omen-iam/policy'
import type { Document } from '../world/world.ts'

/** Whether a document denies something. */
export function deniesSomething({ policy }: Document): boolean {
  return policy.statements.some(({ effect }) => effect === 'Deny')
}

/** Whether a document allows everything on everything, without a condition. */
export function allowsAll({ policy }: Document): boolean {
  return policy.statements.some(isEverything)
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
