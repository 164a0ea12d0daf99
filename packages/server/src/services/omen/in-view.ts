import type { Dependencies } from '../../authorization/index.ts'
import { type Account, organizationAccounts } from '../../directory/index.ts'

/** The most accounts whose paths are searched together. */
const mostAccounts = 50

/**
 * The other accounts of the organization of an account. None if there are more than can be searched together.
 * @throws AccountNotLoaded if one is not in memory: the call then runs again
 */
export function accountsInView(account: Account, { directory }: Dependencies): readonly Account[] {
  const { managementAccount } = account.settings
  const management = managementAccount === undefined ? undefined : directory.known(managementAccount)
  if (management === undefined) return []
  const members = [...management.table(organizationAccounts).values()].map(({ id }) => id)
  const ids = new Set([management.id, ...members])
  ids.delete(account.id)
  if (ids.size >= mostAccounts) return []
  return [...ids].sort().flatMap((id) => directory.known(id) ?? [])
}
