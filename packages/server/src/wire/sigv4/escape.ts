const unreserved = /^[A-Za-z0-9\-._~]*$/
const percent = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  const hex = byte.toString(16).toUpperCase().padStart(2, '0')
  return unreserved.test(character) ? character : `%${hex}`
})
const canonicalText = /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/

/** Every byte but the unreserved ones of RFC 3986 (and those of `keep`) as `%XX`. */
export function escapeBytes(text: string, keep = ''): string {
  if (unreserved.test(text)) return text
  let escaped = ''
  for (const byte of bytesOf(text)) {
    const character = String.fromCharCode(byte)
    escaped += keep.includes(character) ? character : percent[byte]!
  }
  return escaped
}

/**
 * One name or value of a query string, decoded and encoded again as signers write it (behaviour SIG-22).
 * A `%` that begins no escape stands for itself.
 */
export function recode(text: string): string {
  // `%41` is legal but not canonical: escapes of unreserved characters take the slow road.
  if (canonicalText.test(text) && !/%(?:2[DE]|3[0-9]|[46][1-9A-F]|[57][0-9A]|5F|7E)/.test(text)) return text
  return escapeBytes(unescapeBytes(text))
}

/** Escapes undone; each character of the answer is one byte. `+` is a blank, as forms have it. */
function unescapeBytes(text: string): string {
  return Buffer.from(bytesOf(text.replaceAll('+', ' ')))
    .toString('latin1')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The text behind the escapes of a query value, read as UTF-8. */
export function unescapeText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  return Buffer.from(unescapeBytes(text), 'latin1').toString('utf8')
}

/**
 * The bytes of a text that came over HTTP, where each character is a byte. A text that holds others never
 * was on a wire; it is taken as UTF-8, so that no two texts have the same bytes by truncation.
 */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1')
}
