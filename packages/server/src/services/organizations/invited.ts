import type { Call } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'

/**
 * The most accounts that are searched for an owner's e-mail address: half of those in memory, so that no account in
 * use must be removed.
 */
const accountsSearched = 500

/** Returns the invited account, by its number or its owner's address; undefined if there is none. */
export async function findInvited(
  { Type: type, Id: id }: Organizations.HandshakeParty,
  call: Call,
): Promise<Account | undefined> {
  const { directory } = call.deps
  if (type === 'ACCOUNT') {
    const number = parseAccountId(id)
    return number === undefined ? undefined : directory.find(number)
  }
  if (type !== 'EMAIL') return undefined
  const lowerId = id.toLowerCase()
  const numbers: readonly AccountId[] = await directory.store.accounts()
  for (const number of numbers.slice(0, accountsSearched)) {
    const account = await directory.find(number)
    if (account?.settings.email.toLowerCase() === lowerId) return account
  }
  return undefined
}
