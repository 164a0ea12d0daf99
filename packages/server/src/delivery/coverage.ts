import type { AccountId } from '../base/index.ts'
import { type Account, type Directory, newestAccount, type Trail } from '../directory/index.ts'

/**
 * Returns a function that says whether a trail covers an account: its own account, or every account of its organization. It
 * looks at each account once.
 */
export function coverageOf(
  owner: Account,
  trail: Trail,
  directory: Directory,
): (id: AccountId) => Promise<boolean> {
  const known = new Map<AccountId, Promise<boolean>>()
  const isMember = async (id: AccountId) =>
    (await newestAccount(directory, id))?.settings.managementAccount === owner.id
  return async (id) => {
    if (id === owner.id) return true
    if (!trail.organization) return false
    let covered = known.get(id)
    if (covered === undefined) {
      covered = isMember(id)
      known.set(id, covered)
    }
    return covered
  }
}
