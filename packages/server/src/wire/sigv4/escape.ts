const unreserved = /^[A-Za-z0-9\-._~]*$/
const percent = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  const hex = byte.toString(16).toUpperCase().padStart(2, '0')
  return unreserved.test(character) ? character : `%${hex}`
})
const canonicalText = /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/

/** Encodes every byte as `%XX`, except for the unreserved characters of RFC 3986 and those of `keep`. */
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
 * Decodes a name or value of a query string and encodes it as signers do (behaviour SIG-22). A `%` that begins no
 * escape is a literal character.
 */
export function recode(text: string): string {
  // `%41` is legal but not canonical: escapes of unreserved characters need the slow path.
  if (canonicalText.test(text) && !/%(?:2[DE]|3[0-9]|[46][1-9A-F]|[57][0-9A]|5F|7E)/.test(text)) return text
  return escapeBytes(unescapeBytes(text))
}

/** Decodes escapes; each character of the result is one byte. `+` is a blank, as in forms. */
function unescapeBytes(text: string): string {
  return Buffer.from(bytesOf(text.replaceAll('+', ' ')))
    .toString('latin1')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Decodes the escapes of a query value as UTF-8. */
export function unescapeText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  return Buffer.from(unescapeBytes(text), 'latin1').toString('utf8')
}

/**
 * Returns the bytes of a text that came over HTTP, where each character is a byte. A text with other characters did
 * not come over HTTP and is encoded as UTF-8, so that no two texts have the same bytes by truncation.
 */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1')
}
