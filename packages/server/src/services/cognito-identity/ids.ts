import { type AccountId, type Random, uuid } from '../../base/index.ts'
import { accountDigits, accountInDigits } from '../../center/index.ts'

/** The id of a pool or an identity, `REGION:UUID`: any node finds the account by it (behaviour COG-4). */
export function newPoolId(region: string, account: AccountId, random: Random): string {
  return `${region}:${uuid(random).slice(0, -10)}${accountDigits(account)}`
}

/** Returns the account in an id, whether or not it exists. */
export function accountInPoolId(id: string): AccountId | undefined {
  const digits = /^[\w-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{2}([0-9a-f]{10})$/.exec(id)?.[1]
  return digits === undefined ? undefined : accountInDigits(digits)
}
