import type { AccountId } from './account.ts'
import type { Random } from './random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Four letters that tell the kind of thing an id names (behaviour IDS-1). */
export type IdPrefix =
  | 'AIDA'
  | 'AROA'
  | 'AGPA'
  | 'AIPA'
  | 'ANPA'
  | 'ANVA'
  | 'APKA'
  | 'ASCA'
  | 'AKIA'
  | 'ASIA'
  | 'ABIA'
  | 'ACCA' // prettier-ignore

/**
 * An id in AWS's form: prefix, then base32 in which the account number stands, shifted by seven bits,
 * so that the first eight characters are one account's own (behaviour IDS-2).
 * Keys, public ones too, have 20 characters, everything else 21.
 */
export function newId(prefix: IdPrefix, account: AccountId, random: Random): string {
  // 16 base32 characters are 80 bits. The top 48 hold one set bit, the account, then 7 bits of chance.
  const chance = random.bytes(6)
  let value = (1n << 47n) | (BigInt(account) << 7n)
  value |= BigInt(chance[0]! & 0x7f)
  value <<= 32n
  value |= BigInt(((chance[1]! << 24) | (chance[2]! << 16) | (chance[3]! << 8) | chance[4]!) >>> 0)
  let text = ''
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += alphabet[Number((value >> shift) & 31n)]!
  const key = prefix === 'AKIA' || prefix === 'ASIA' || prefix === 'APKA'
  return key ? prefix + text : prefix + text + alphabet[chance[5]! & 31]!
}

const decoded = new Map<string, AccountId | undefined>()

/**
 * The account that an access key id or unique id carries, or undefined where the text is not such an id.
 * The answer says nothing of whether the id exists.
 */
export function accountOfId(id: string): AccountId | undefined {
  if (id.length < 20) return undefined
  const head = id.slice(4, 14)
  if (decoded.has(head)) return decoded.get(head)
  let value = 0n
  for (const character of head) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return undefined
    value = (value << 5n) | BigInt(digit)
  }
  // 50 bits read; the account stands in bits 7…46 of the first 48.
  const account = ((value >> 2n) & 0x7fffffffff80n) >> 7n
  const text = account <= 999_999_999_999n ? (account.toString().padStart(12, '0') as AccountId) : undefined // twelve digits by construction
  if (decoded.size > 10_000) decoded.clear()
  decoded.set(head, text)
  return text
}
