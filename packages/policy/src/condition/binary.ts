/**
 * Normalizes base64, so that equal bytes are equal text. Returns undefined if the text is not base64. Unused bits of
 * the last character are dropped: `QUI=` and `QUJ=` are the same two bytes (behaviour POL-097).
 */
export function normalizeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined
  const bare = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  const over = bare.length % 4
  if (over === 1) return undefined
  if (over === 0) return bare
  const last = alphabet.indexOf(bare.slice(-1))
  return `${bare.slice(0, -1)}${alphabet.charAt(over === 2 ? last & 0b110000 : last & 0b111100)}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
