import type { AccountId } from '../base/index.ts'
import type { Account, Directory, Trail } from '../directory/index.ts'

/** Returns whether a trail covers an account: its own account, or every account of its organization. */
export async function covers(
  owner: Account,
  trail: Trail,
  id: AccountId,
  directory: Directory,
): Promise<boolean> {
  if (id === owner.id) return true
  if (!trail.organization) return false
  const member = directory.loaded(id) ?? (await directory.find(id))
  return member?.settings.managementAccount === owner.id
}
