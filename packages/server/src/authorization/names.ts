/** Names of keys ignore case; `${TagKey}`, `<key>` and a final `tag-key` match anything. */
export function isKey(key: string, known: string): boolean {
  const open = known.search(/[$<]|(?<=\/)tag-key$/)
  if (open < 0) return key.toLowerCase() === known.toLowerCase()
  return key.length > open && key.toLowerCase().startsWith(known.slice(0, open).toLowerCase())
}

/** Returns ` Did you mean …?` if there is a likely candidate. */
export function meant(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean ${near}?`
}
