import { type AccountId, parseAccountId, type Random, uuid } from '../base/index.ts'
import type { Center } from '../directory/index.ts'

/** So many hexadecimal digits. */
export function hex(digits: number, random: Random): string {
  return Buffer.from(random.bytes(digits / 2)).toString('hex')
}

/** The id of a user, a group or a membership: its store's ten characters, and a UUID. */
export function storeEntityId(storeId: string, random: Random): string {
  return `${storeId.slice(2)}-${uuid(random)}`
}

const modulus = 1n << 40n
/** Odd, so that it has an inverse: numbers of accounts do not look like ones. */
const factor = 0x9e3779b97fn
const inverse = inverseOf(factor)

/**
 * Ten hexadecimal digits that contain the account: any node finds the owner of an instance by its id or by that of its
 * directory, without an index.
 */
export function accountDigits(account: AccountId): string {
  return ((BigInt(account) * factor) % modulus).toString(16).padStart(10, '0')
}

/** Returns the account in ten such digits, whether or not it exists; undefined if there is none. */
export function accountInDigits(digits: string): AccountId | undefined {
  if (!/^[0-9a-f]{10}$/.test(digits)) return undefined
  const account = (BigInt(`0x${digits}`) * inverse) % modulus
  return parseAccountId(account.toString().padStart(12, '0'))
}

/** Whether the id of an instance says whose it is: that of an imported one is AWS's (behaviour SSO-113). */
export function hasOwnId({ id, owner }: Pick<Center, 'id' | 'owner'>): boolean {
  return id.startsWith(`ssoins-${accountDigits(owner)}`)
}

/** Each step of Newton's doubles the bits that are right. */
function inverseOf(odd: bigint): bigint {
  let found = odd
  for (let step = 0; step < 6; step++) found = (found * (2n - odd * found)) % modulus
  return ((found % modulus) + modulus) % modulus
}

/**
 * Returns the account that owns the instance of a start URL or an issuer, in any form that clients have; `house` for
 * the server's own address (behaviour SSO-60).
 */
export function ownerInStartUrl(text: string): AccountId | 'house' | undefined {
  if (!URL.canParse(text)) return undefined
  const { hostname, pathname } = new URL(text)
  const instance = /^\/ssoins-([0-9a-f]{10})[0-9a-f]{6}\/?$/.exec(pathname)?.[1]
  if (instance !== undefined && /^identitycenter\.amazonaws\.(?:com|cn)$/.test(hostname))
    return accountInDigits(instance)
  const store = /^d-([0-9a-f]{10})\.awsapps\.(?:com|cn)$/.exec(hostname)?.[1]
  if (store !== undefined) return accountInDigits(store)
  return /^\/start\/?$/.test(pathname) ? 'house' : undefined
}
