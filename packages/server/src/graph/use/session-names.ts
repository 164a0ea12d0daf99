import type { Finding } from '../proof/finding.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { sessionName } from '../request/form.ts'
import type { WantedGifts } from '../request/session-gifts.ts'
import type { Actor } from '../request/trust-question.ts'
import type { Role } from '../world/world.ts'
import { anyText, asksForIdentity, assumption, readsKey, tagsAsked } from './assumption.ts'

/** The demands of policies of a role's account on its sessions. */
export function wantedOf(shared: Shared, role: Role): WantedGifts {
  return sharedOf(shared, role).reading.wantedOfSessions(role)
}

/**
 * The names that the session of a role may get. Undefined: any, because no condition on the call is about the name, or no
 * policy reads it.
 */
export function namesOf(
  shared: Shared,
  prover: Prover,
  actor: Actor,
  role: Role,
): readonly (string | undefined)[] {
  if (!sharedOf(shared, role).reading.readsUserIds || !limitsNames(shared, actor, role)) return [undefined]
  const plain = assumption(shared, prover, actor, role, {})
  const tags = tagsAsked(shared, actor, role)
  const sourceIdentity = asksForIdentity(shared, actor, role) ? anyText : undefined
  const isMore = tags !== undefined || sourceIdentity !== undefined
  const more = isMore ? assumption(shared, prover, actor, role, { tags, sourceIdentity }) : undefined
  const found = [...namesIn(plain), ...namesIn(more)]
  return found.length === 0 ? [undefined] : namesWith(shared, role, found)
}

/**
 * The names that the session of a role may get whose trust policy the attacker writes: any, and those that policies ask
 * for; only those by which the call is found to be allowed, where a condition is about the name.
 */
export function namesOfOpened(
  shared: Shared,
  actor: Actor,
  role: Role,
  find: () => Finding,
): readonly (string | undefined)[] {
  if (!sharedOf(shared, role).reading.readsUserIds) return [undefined]
  if (!limitsNames(shared, actor, role)) return [undefined, ...namesWith(shared, role, []).slice(1)]
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

/** Whether a condition on a call of AssumeRole is about the name of the new session. */
function limitsNames(shared: Shared, actor: Actor, role: Role): boolean {
  return (
    sharedOf(shared, role).reading.limitsSessionNames &&
    readsKey(shared, actor, role, /^sts:RoleSessionName$/i)
  )
}

function sharedOf(shared: Shared, { account }: Role): Shared {
  return account === shared.world.account ? shared : (shared.neighbours.of(account) ?? shared)
}
