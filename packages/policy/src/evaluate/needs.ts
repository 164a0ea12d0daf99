import type { Grant } from '../compile/set.ts'
import { NAMES_CALLER, NAMES_ROLE, type Naming, NOT_NAMED } from '../match/principal.ts'
import type { Relation } from './accounts.ts'

/** The layers that must allow, apart from SCPs and the endpoint, which always must. */
export interface Needs {
  readonly resource: boolean
  readonly identity: boolean
  /** Whether an implicit deny of the boundary or a session policy counts. */
  readonly limits: boolean
}

const RESOURCE_ONLY: Needs = { resource: true, identity: false, limits: false }
const RESOURCE_LIMITED: Needs = { resource: true, identity: false, limits: true }
const BOTH: Needs = { resource: true, identity: true, limits: true }
const IDENTITY: Needs = { resource: false, identity: true, limits: true }

/** What must allow if the resource policy does not name the caller, by its grant. [POL-004, POL-005] */
const UNNAMED: Readonly<Record<Grant, Needs>> = { either: IDENTITY, explicit: BOTH, trust: BOTH }

/** By how the resource policy names the caller; accounts that differ always need both. [POL-006, POL-021 … POL-026] */
export function needsOf(relation: Relation, named: Naming, grant: Grant): Needs {
  if (relation === 'outsider') return RESOURCE_ONLY
  if (relation !== 'same') return BOTH
  if (named === NAMES_CALLER) return RESOURCE_ONLY
  if (named === NAMES_ROLE) return RESOURCE_LIMITED
  return named === NOT_NAMED ? UNNAMED[grant] : BOTH
}
