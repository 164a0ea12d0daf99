import type { Call } from '../../authorization/index.ts'
import {
  type IdentityPool,
  loginKey,
  type PoolIdentity,
  poolIdentities,
  poolLogins,
  poolQuotas,
} from '../../directory/index.ts'
import { conflict, invalid } from './faults.ts'

/** A user of a provider. */
export interface Subject {
  readonly provider: string
  readonly subject: string
}

/** All logins of an identity: one of each provider, and further users of the developer's (behaviour COG-27). */
export function loginsOf(
  { logins, merged = [] }: PoolIdentity,
  developer: string | undefined,
): readonly Subject[] {
  const first = Object.entries(logins).map(([provider, subject]) => ({ provider, subject }))
  return developer === undefined
    ? first
    : [...first, ...merged.map((subject) => ({ provider: developer, subject }))]
}

/** Returns whether a login is one of the identity's. */
export function hasLogin({ id, pool }: PoolIdentity, login: Subject, { account }: Call): boolean {
  return account.table(poolLogins).find(loginKey({ pool, ...login }))?.identity === id
}

/**
 * Links logins to an identity. Only the developer's provider may have several users in one.
 * @throws Fault ResourceConflictException, InvalidParameterException for more than twenty
 */
export function linked(
  before: PoolIdentity,
  logins: readonly Subject[],
  { id: pool, developerProvider }: IdentityPool,
  call: Call,
): PoolIdentity {
  const { account, now } = call
  const fresh = logins.filter((login) => !hasLogin(before, login, call))
  if (fresh.length === 0) return before
  const loginsAfter: Record<string, string> = { ...before.logins }
  const merged = [...(before.merged ?? [])]
  for (const { provider, subject } of fresh) {
    if (!Object.hasOwn(loginsAfter, provider)) loginsAfter[provider] = subject
    else if (provider === developerProvider) merged.push(subject)
    else throw conflict('The identity is linked to another user of the provider.')
  }
  if (Object.keys(loginsAfter).length + merged.length > poolQuotas.logins)
    throw invalid(`An identity has at most ${poolQuotas.logins} logins.`)
  const { isClosed: _, merged: __, ...kept } = before
  const after = { ...kept, logins: loginsAfter, ...(merged.length > 0 && { merged }), modifiedAt: now }
  account.table(poolIdentities).put(after)
  for (const { provider, subject } of fresh)
    account.table(poolLogins).put({ pool, provider, subject, identity: before.id })
  return after
}

/** Takes logins from an identity; without its last one it is nobody's (behaviour COG-28). */
export function unlinked(
  before: PoolIdentity,
  gone: readonly Subject[],
  { id: pool, developerProvider }: IdentityPool,
  { account, now }: Call,
): void {
  const keys = new Set(gone.map((login) => loginKey({ pool, ...login })))
  const left = loginsOf(before, developerProvider).filter((login) => !keys.has(loginKey({ pool, ...login })))
  const loginsAfter: Record<string, string> = {}
  const merged: string[] = []
  for (const { provider, subject } of left)
    if (Object.hasOwn(loginsAfter, provider)) merged.push(subject)
    else loginsAfter[provider] = subject
  const { merged: _, ...kept } = before
  account.table(poolIdentities).put({
    ...kept,
    logins: loginsAfter,
    ...(merged.length > 0 && { merged }),
    ...(left.length === 0 && { isClosed: true as const }),
    modifiedAt: now,
  })
  for (const key of keys) account.table(poolLogins).delete(key)
}
