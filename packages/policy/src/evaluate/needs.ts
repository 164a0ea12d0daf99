import type { Grant } from '../document/set.ts'
import { type Naming, namesCaller, namesRole, notNamed } from '../match/principal.ts'
import type { Request } from '../request/request.ts'
import type { Relation } from './accounts.ts'

/** The layers that must allow, apart from SCPs and the endpoint, which always must. */
export interface RequiredLayers {
  readonly resource: boolean
  readonly identity: boolean
  /** Whether an implicit deny of the boundary or a session policy counts. */
  readonly limits: boolean
}

const resourceOnly: RequiredLayers = { resource: true, identity: false, limits: false }
const resourceLimited: RequiredLayers = { resource: true, identity: false, limits: true }
const both: RequiredLayers = { resource: true, identity: true, limits: true }
const identity: RequiredLayers = { resource: false, identity: true, limits: true }

/**
 * The layers that must allow if the resource policy does not name the caller, by its grant (behaviours POL-004 and
 * POL-005).
 */
const unnamed: Readonly<Record<Grant, RequiredLayers>> = { either: identity, explicit: both, trust: both }

/** Returns the layers that must allow, by how the resource policy names the caller; accounts that differ always need both (behaviours POL-006 and POL-021 to POL-026). */
export function requiredLayers(
  request: Request,
  relation: Relation,
  named: Naming,
  grant: Grant,
): RequiredLayers {
  if (relation === 'outsider') return resourceOnly
  if (relation !== 'same' || (grant === 'trust' && chainsIdentity(request))) return both
  if (named === namesCaller) return resourceOnly
  if (named === namesRole) return resourceLimited
  return named === notNamed ? unnamed[grant] : both
}

/** A role that sets a source identity for another role needs the permission in its own policy, too (behaviour POL-050). */
function chainsIdentity({ principal, action }: Request): boolean {
  return principal.type === 'roleSession' && action.toLowerCase() === 'sts:setsourceidentity'
}
