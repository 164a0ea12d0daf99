/**
 * Whether a text is canonical base64: complete groups of four, padded, with no bits left over. Such texts are equal only if
 * their bytes are (behaviour POL-097).
 */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false
  const padded = text.length - text.indexOf('=')
  if (!text.includes('=')) return true
  const last = alphabet.indexOf(text.charAt(text.length - padded - 1))
  return (last & (padded === 2 ? 0b001111 : 0b000011)) === 0
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
