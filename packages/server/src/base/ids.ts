import type { AccountId } from './account.ts'
import { perText } from './per-text.ts'
import type { Random } from './random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The four letters that give the kind of resource of an id (behaviour IDS-1). */
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
  | 'ACCA'

/**
 * Returns an id in AWS's form: a prefix, then base32 that contains the account number, shifted by seven bits, so that
 * the first eight characters belong to one account (behaviour IDS-2). Keys, public ones included, have 20 characters,
 * all others 21.
 */
export function newId(prefix: IdPrefix, account: AccountId, random: Random): string {
  // 16 base32 characters are 80 bits: one that is set, 40 of the account, 39 random ones. They are made in halves of
  // 40 bits, which a number can hold; the account's last bit begins the second half.
  const number = Number(account)
  const chance = random.bytes(6)
  let second = (number % 2) * 128 + (chance[0]! & 0x7f)
  for (let i = 1; i < 5; i++) second = second * 256 + chance[i]!
  const text = base32(2 ** 39 + Math.floor(number / 2)) + base32(second)
  const key = prefix === 'AKIA' || prefix === 'ASIA' || prefix === 'APKA'
  return key ? prefix + text : prefix + text + alphabet[chance[5]! & 31]!
}

/** Returns a number below 2⁴⁰ as eight characters. */
function base32(number: number): string {
  let text = ''
  let rest = number
  for (let i = 0; i < 8; i++) {
    text = alphabet[rest % 32]! + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/**
 * Returns the account that an access key id or unique id contains, or undefined if the text is not such an id. The
 * result does not mean that the id exists.
 */
export function accountOfId(id: string): AccountId | undefined {
  return id.length < 20 ? undefined : accountInHead(id.slice(4, 14))
}

const accountInHead = perText(
  (head): AccountId | undefined => {
    let value = 0n
    for (const character of head) {
      const digit = alphabet.indexOf(character)
      if (digit < 0) return undefined
      value = (value << 5n) | BigInt(digit)
    }
    // 50 bits are read; the account is in bits 7…46 of the first 48.
    const account = ((value >> 2n) & 0x7fffffffff80n) >> 7n
    return account <= 999_999_999_999n ? (account.toString().padStart(12, '0') as AccountId) : undefined // twelve digits by construction
  },
  { texts: 10_000 },
)
