import { endOfTurn } from '../base/index.ts'
import { Account, type AccountContent } from './account.ts'
import { readLargeTables } from './center.ts'

/** Items that are received in one turn. */
const receivedTogether = 5_000

/** Returns an account of its stored content. One of many items is read in parts: no other call waits for all of it. */
export async function openInParts(
  key: Pick<Account, 'id' | 'partition'>,
  { items, ...state }: AccountContent,
  onChange: (account: Account) => void,
): Promise<Account> {
  const account = new Account(key, { ...state, items: [] }, onChange)
  for (let at = 0; at < items.length; at += receivedTogether) {
    if (at > 0) await endOfTurn()
    account.receive(items.slice(at, at + receivedTogether))
  }
  await readLargeTables(account, endOfTurn)
  return account
}
