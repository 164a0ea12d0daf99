import type { Random } from '../../base/index.ts'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Digits and lower-case letters, the alphabet of ids in Organizations (behaviour ORG-3). */
export function letters(length: number, random: Random): string {
  let text = ''
  while (text.length < length) {
    // 252 is the largest multiple of 36 in a byte: every character is equally likely
    for (const byte of random.bytes(length)) {
      if (byte < 252 && text.length < length) text += alphabet[byte % 36]!
    }
  }
  return text
}

/** Twelve digits, the first not a zero. */
export function accountNumber(random: Random): string {
  const bytes = random.bytes(8)
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return (100_000_000_000n + (value % 900_000_000_000n)).toString()
}
