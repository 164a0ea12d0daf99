import type { AccountId } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Directory } from './directory.ts'

/**
 * Returns an account as the store has it now, for work that no call asked for. Calls confirm what they looked at before their
 * answers leave; a node that gets no calls would not notice what other nodes change.
 */
export function newestAccount(directory: Directory, id: AccountId): Promise<Account | undefined> {
  return directory.decided(() => directory.find(id))
}
