import type { AccountId } from './account.ts'
import { perText } from './per-text.ts'
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
  | 'ACCA'

/**
 * An id in AWS's form: prefix, then base32 in which the account number stands, shifted by seven bits,
 * so that the first eight characters are one account's own (behaviour IDS-2).
 * Keys, public ones too, have 20 characters, everything else 21.
 */
export function newId(prefix: IdPrefix, account: AccountId, random: Random): string {
  // 16 base32 characters are 80 bits: one that is set, the account's 40, 39 of chance. They are made in halves of
  // 40, which a number can hold; the account's last bit begins the second.
  const number = Number(account)
  const chance = random.bytes(6)
  let second = (number % 2) * 128 + (chance[0]! & 0x7f)
  for (let i = 1; i < 5; i++) second = second * 256 + chance[i]!
  const text = base32(2 ** 39 + Math.floor(number / 2)) + base32(second)
  const key = prefix === 'AKIA' || prefix === 'ASIA' || prefix === 'APKA'
  return key ? prefix + text : prefix + text + alphabet[chance[5]! & 31]!
}

/** A number below 2⁴⁰ as eight characters. */
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
 * The account that an access key id or unique id carries, or undefined where the text is not such an id.
 * The answer says nothing of whether the id exists.
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
    // 50 bits read; the account stands in bits 7…46 of the first 48.
    const account = ((value >> 2n) & 0x7fffffffff80n) >> 7n
    return account <= 999_999_999_999n ? (account.toString().padStart(12, '0') as AccountId) : undefined // twelve digits by construction
  },
  { texts: 10_000 },
)
