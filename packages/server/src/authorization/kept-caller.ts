import { type Account, roles, users } from '../directory/index.ts'
import type { Caller } from '../session/index.ts'

/**
 * The stored form of a caller: without the secret of its session, and with its user or role by its identifiers. The
 * record holds its policies.
 */
export function keepCaller(caller: Caller): unknown {
  const { session, ...rest } = { session: undefined, ...caller }
  const kept = {
    ...rest,
    ...(session === undefined ? {} : { session: { ...session, secretAccessKey: '' } }),
  }
  switch (kept.kind) {
    case 'user':
      return { ...kept, user: bare(kept.user) }
    case 'role':
      return { ...kept, role: { ...bare(kept.role), trust: '' } }
    case 'federated':
      return { ...kept, issuer: kept.issuer && bare(kept.issuer) }
    default:
      return kept
  }
}

/** Returns the caller as the account has it now; one that is gone, as the record describes it. */
export function reviveCaller(kept: unknown, account: Account): Caller {
  const caller = kept as Caller // `keepCaller` made it
  switch (caller.kind) {
    case 'user':
      return { ...caller, user: account.table(users).find(caller.user.id) ?? caller.user }
    case 'role':
      return { ...caller, role: account.table(roles).find(caller.role.id) ?? caller.role }
    case 'federated': {
      const { issuer } = caller
      return { ...caller, issuer: issuer && (account.table(users).find(issuer.id) ?? issuer) }
    }
    default:
      return caller
  }
}

/** Returns whether the caller still exists: its user or role has not been deleted. */
export function isThere(caller: Caller, account: Account): boolean {
  switch (caller.kind) {
    case 'user':
      return account.table(users).find(caller.user.id) !== undefined
    case 'role':
      return account.table(roles).find(caller.role.id) !== undefined
    case 'federated':
      return caller.issuer === undefined || account.table(users).find(caller.issuer.id) !== undefined
    default:
      return true
  }
}

function bare<Identity extends { readonly inline: unknown; readonly attached: unknown }>(
  identity: Identity,
): Identity {
  return { ...identity, inline: {}, attached: [] }
}
