import type { Finding } from '../proof/finding.ts'
import type { Shared } from '../relevance/shared.ts'
import { sessionName } from '../request/caller.ts'
import type { WantedGifts } from '../request/session-gifts.ts'
import type { Role } from '../world/world.ts'
import {
  anyText,
  asksForIdentity,
  assumption,
  type RoleCall,
  readsKey,
  sharedOf,
  tagsAsked,
} from './assumption.ts'

/** The demands of policies of a role's account on its sessions. */
export function wantedOf(shared: Shared, role: Role): WantedGifts {
  return sharedOf(shared, role).reading.wantedOfSessions(role)
}

/**
 * The names that the session of a role may get. Undefined: any, because no condition on the call is about the name, or no
 * policy reads it.
 */
export function namesOf(call: RoleCall): readonly (string | undefined)[] {
  if (!readsNames(call) || !limitsNames(call)) return [undefined]
  const tags = tagsAsked(call)
  const sourceIdentity = asksForIdentity(call) ? anyText : undefined
  const isMore = tags !== undefined || sourceIdentity !== undefined
  const found = [
    ...namesIn(assumption(call, {})),
    ...(isMore ? namesIn(assumption(call, { tags, sourceIdentity })) : []),
  ]
  return found.length === 0 ? [undefined] : namesWith(call.shared, call.role, found)
}

/**
 * The names that the session of a role may get whose trust policy the attacker writes: any, and those that policies ask
 * for; only those by which the call is found to be allowed, where a condition is about the name.
 */
export function namesOfOpened(
  call: Omit<RoleCall, 'prover'>,
  find: () => Finding,
): readonly (string | undefined)[] {
  const { shared, role } = call
  if (!readsNames(call)) return [undefined]
  if (!limitsNames(call)) return [undefined, ...namesWith(shared, role, []).slice(1)]
  const found = namesIn(find())
  return found.length === 0 ? [undefined] : namesWith(shared, role, found)
}

/** The names by which a call was found to be allowed, and others that may do as well. */
export function namesWith(shared: Shared, role: Role, found: readonly string[]): readonly string[] {
  const wanted = wantedOf(shared, role).gifts.flatMap(({ key, value }) => (key === 'name' ? [value] : []))
  return [...new Set([sessionName, ...found, ...wanted])]
}

/** The names that sessions get in the calls that were found. */
export function namesIn(finding: Finding): readonly string[] {
  if (finding === undefined || !('witness' in finding)) return []
  const names = finding.witness.requests.map(({ context }) => context.get('sts:rolesessionname'))
  return names.flatMap((name) => (typeof name === 'string' ? [name] : []))
}

function readsNames({ shared, role }: Pick<RoleCall, 'shared' | 'role'>): boolean {
  return sharedOf(shared, role).reading.reads('userIds')
}

/** Whether a condition on a call of AssumeRole is about the name of the new session. */
function limitsNames(call: Omit<RoleCall, 'prover'>): boolean {
  return (
    sharedOf(call.shared, call.role).reading.reads('sessionNames') && readsKey(call, /^sts:RoleSessionName$/i)
  )
}
