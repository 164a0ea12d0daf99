import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { type Account, organizationAccounts } from '../../directory/index.ts'

type Deps = Pick<Dependencies, 'directory'>

/** The most accounts whose paths are searched together. */
const mostAccounts = 50

/** The accounts of the organization of an account; undefined if it is in none. @throws AccountNotLoaded */
function membersOf(account: Account, { directory }: Deps): ReadonlySet<AccountId> | undefined {
  const { managementAccount } = account.settings
  const management = managementAccount === undefined ? undefined : directory.known(managementAccount)
  if (management === undefined) return undefined
  return new Set([management.id, ...[...management.table(organizationAccounts).values()].map(({ id }) => id)])
}

/** Whether the organization of an account has more accounts than can be searched together. */
export function hasManyAccounts(account: Account, deps: Deps): boolean {
  return (membersOf(account, deps)?.size ?? 0) > mostAccounts
}

/**
 * The other accounts of the organization of an account. None if there are more than can be searched together.
 * @throws AccountNotLoaded if one is not in memory: the call then runs again
 */
export function accountsInView(account: Account, deps: Deps): readonly Account[] {
  const ids = new Set(membersOf(account, deps))
  ids.delete(account.id)
  if (ids.size >= mostAccounts) return []
  return [...ids].sort().flatMap((id) => deps.directory.known(id) ?? [])
}
