import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import { isAbout } from '../compile/statement.ts'
import { truthNo } from '../condition/truth.ts'
import { Budget, isSpent, metered } from '../match/meter.ts'
import type { Determining } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { denyCovers } from './covers.ts'
import { bindingLayers } from './unevaluable.ts'

/** A Deny whose outcome depends on a condition key with an unknowable value. */
export interface UnknowableDeny {
  readonly by: Determining
  /** As the policy writes it. */
  readonly key: string
}

/**
 * Returns the first Deny that might apply to a request if more of its context were known, or undefined if no Deny
 * depends on such keys. `evaluate` treats a missing key as absent from the request, as AWS does, because AWS knows every
 * key. A caller that does not know every key must ask here as well; otherwise a Deny could be bypassed.
 * @param unknowable whether the caller cannot know the value of a key, given in lower case
 */
export function findUnknowableDeny(
  request: Request,
  compiled: CompiledSet,
  unknowable: (key: string) => boolean,
  budget: Budget = new Budget(),
): UnknowableDeny | undefined {
  return metered(budget, () => findDeny(request, compiled, unknowable))
}

function findDeny(
  request: Request,
  compiled: CompiledSet,
  unknowable: (key: string) => boolean,
): UnknowableDeny | undefined {
  for (const layer of bindingLayers(request, compiled)) {
    for (const bound of layer.candidates(request.action).deny.about(request.resource)) {
      if (!denyCovers(bound, request.principal, compiled.boundary !== undefined)) continue
      const key = openKey(bound, request, unknowable)
      if (key !== undefined) return { by: bound.by[0], key }
    }
  }
  return undefined
}

/** Returns the key that leaves open whether a statement applies; undefined if there is no such key. */
function openKey(
  bound: Bound,
  { resource, context }: Request,
  unknowable: (key: string) => boolean,
): string | undefined {
  if (isAbout(bound, resource, context) === truthNo && !isSpent()) return undefined
  let open: string | undefined
  for (const { key, entry, test } of bound.conditions) {
    if (context.lookup(key) === undefined && unknowable(key)) open ??= entry.key
    else if (test(context) === truthNo && !isSpent()) return undefined
  }
  return isSpent() ? (open ?? bound.conditions[0]?.entry.key) : open
}
