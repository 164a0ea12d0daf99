/** Base64 in one spelling, so that equal bytes are equal text; undefined when it is no base64. */
export function normalizeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined
  const bare = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  return bare.length % 4 === 1 ? undefined : bare
}
