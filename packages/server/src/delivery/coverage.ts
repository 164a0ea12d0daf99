import type { AccountId } from '../base/index.ts'
import type { Account, Directory, Trail } from '../directory/index.ts'

/** Whether a trail takes an account's events: its own account's, or all of its organization's. */
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
