import type { Call } from '../../authorization/index.ts'
import type { IdentityPool, PoolIdentity } from '../../directory/index.ts'
import { notAuthorized } from './faults.ts'
import { hasLogin } from './links.ts'
import { type Login, ownProvider, provenLogins } from './logins.ts'

/**
 * Returns the logins that prove an identity; none for a guest. @throws Fault NotAuthorizedException (behaviours COG-10 and
 * COG-11)
 */
export async function entitled(
  identity: PoolIdentity,
  pool: IdentityPool,
  given: Readonly<Record<string, string>> | undefined,
  call: Call,
): Promise<readonly Login[]> {
  const logins = await provenLogins(given, pool, call)
  const isClosed = identity.isClosed === true
  if (logins.length === 0 || isClosed) {
    if (isClosed || Object.keys(identity.logins).length > 0)
      throw notAuthorized(`Access to Identity '${identity.id}' is forbidden.`)
    if (!pool.letsGuests)
      throw notAuthorized('Unauthenticated access is not supported for this identity pool.')
    return []
  }
  const loginsOfIdentity = logins.filter(({ provider, subject }) =>
    provider === ownProvider ? subject === identity.id : hasLogin(identity, { provider, subject }, call),
  )
  if (loginsOfIdentity.length === 0)
    throw notAuthorized(
      "Logins don't match. Please include at least one valid login for this identity or identity pool.",
    )
  return loginsOfIdentity
}
