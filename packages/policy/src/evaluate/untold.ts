import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import { isAbout } from '../compile/statement.ts'
import { NO } from '../condition/truth.ts'
import { Budget, isSpent, metered } from '../match/meter.ts'
import { denyCovers } from './covers.ts'
import type { Determining } from './decision.ts'
import type { Request } from './request.ts'
import { bindingLayers } from './unevaluable.ts'

/** A Deny that hangs on a condition key of which nobody knows what it holds. */
export interface UntoldDeny {
  readonly by: Determining
  /** As the policy writes it. */
  readonly key: string
}

/**
 * The first Deny about a request that might apply, were there more in its context: for who asks about things that they do
 * not see. `evaluate` takes a key that is not there for one that the request does not have, as AWS does, which knows them
 * all; whoever does not must not let a Deny be passed by for that. Undefined where nothing hangs on such keys.
 * @param untold whether it is not known what a key, in lower case, holds
 */
export function findUntoldDeny(
  request: Request,
  compiled: CompiledSet,
  untold: (key: string) => boolean,
  budget: Budget = new Budget(),
): UntoldDeny | undefined {
  return metered(budget, () => findDeny(request, compiled, untold))
}

function findDeny(
  request: Request,
  compiled: CompiledSet,
  untold: (key: string) => boolean,
): UntoldDeny | undefined {
  for (const layer of bindingLayers(request, compiled)) {
    for (const bound of layer.candidates(request.action).deny.about(request.resource)) {
      if (!denyCovers(bound, request.principal, compiled.boundary !== undefined)) continue
      const key = openKey(bound, request, untold)
      if (key !== undefined) return { by: bound.by[0], key }
    }
  }
  return undefined
}

/** The key that leaves open whether a statement applies; undefined where none does. */
function openKey(
  bound: Bound,
  { resource, context }: Request,
  untold: (key: string) => boolean,
): string | undefined {
  if (isAbout(bound, resource, context) === NO && !isSpent()) return undefined
  let open: string | undefined
  for (const { key, entry, test } of bound.conditions) {
    if (context.lookup(key) === undefined && untold(key)) open ??= entry.key
    else if (test(context) === NO && !isSpent()) return undefined
  }
  return isSpent() ? (open ?? bound.conditions[0]?.entry.key) : open
}
