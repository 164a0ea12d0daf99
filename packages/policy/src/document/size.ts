/** The number of characters that AWS counts against its quotas: white space does not count. */
export function policySize(text: string): number {
  let size = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) size++
  }
  return size
}

/** AWS's default quotas on the size of documents, in characters without white space. */
export const policySizeLimits = {
  managed: 6144,
  /** All inline policies of one user together. */
  inlineUser: 2048,
  inlineGroup: 5120,
  inlineRole: 10240,
  trust: 2048,
  /** Inline and managed session policies together, white space included. */
  session: 2048,
  /** White space included, as of the next. */
  scp: 10240,
  rcp: 5120,
} as const
