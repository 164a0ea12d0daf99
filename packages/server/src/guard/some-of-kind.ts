import type { AccessRequest } from '../authorization/index.ts'

/** All things of a kind in an account. */
const ofKind = /^arn:[^:]*:[^:]+:[^:]*:[^:]*:[a-z-]+[:/]\*$/

/** Actions that are about the whole kind, or about a thing that they make. */
const aboutKind =
  /:(?:List|Describe|Search|Lookup|Allocate|Copy|Create|Import|Put|Register|Request|Restore|Run|Start\w*Execution)/

/**
 * A question about things of a kind that the call does not name: a Deny of one of them counts (behaviour GRD-534). What
 * AWS asks about the whole kind stays as it is.
 */
export function ofSome<T extends AccessRequest>(access: T, service: string): T {
  // what is asked beside, such as the unknown key of a thing, may be another than the denied one
  if (!access.resource.endsWith('*')) return access
  const isOwn = access.action.startsWith(`${service}:`)
  const isSome = isOwn && ofKind.test(access.resource) && !aboutKind.test(access.action)
  return isSome ? { ...access, some: true } : access
}
