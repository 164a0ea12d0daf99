const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Returns the bytes as text, or undefined if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Decodes percent escapes; undefined if they, or the bytes that they encode, are malformed. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Decodes base64; undefined if the text is not base64. White space is ignored. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = /\s/.test(text) ? text.replaceAll(/\s+/g, '') : text
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined
  return Buffer.from(compact, 'base64')
}

/** Encodes bytes as base64. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/**
 * Returns the same text as one flat string. V8 keeps a concatenated text as a tree of its pieces until a character is
 * read; a flat text takes less memory and is copied faster.
 */
export function inOnePiece(text: string): string {
  text.charCodeAt(0)
  return text
}
