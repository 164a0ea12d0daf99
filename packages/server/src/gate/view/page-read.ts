/**
 * Returns whether a call is a read by a browser: pages of the console read much by themselves, and a refusal of it is
 * nobody's wish (behaviour RSN-30).
 */
export function isReadOfPage(readOnly: boolean, userAgent: string): boolean {
  return readOnly && userAgent.startsWith('Mozilla/')
}
