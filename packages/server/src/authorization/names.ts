/** Names of keys ignore case; `${TagKey}`, `<key>` and a last `tag-key` stand for anything. */
export function isKey(key: string, known: string): boolean {
  const open = known.search(/[$<]|(?<=\/)tag-key$/)
  if (open < 0) return key.toLowerCase() === known.toLowerCase()
  return key.length > open && key.toLowerCase().startsWith(known.slice(0, open).toLowerCase())
}

/** The test of a pattern with `*` and `?`, in any case. */
export function wildcardTest(pattern: string): (name: string) => boolean {
  const lowered = pattern.toLowerCase()
  if (!/[*?]/.test(lowered)) return (name) => name.toLowerCase() === lowered
  return (name) => matches(lowered, name.toLowerCase())
}

/** When a star's stretch fails, only the last star may stretch: the cost is a product. */
function matches(pattern: string, name: string): boolean {
  let at = 0
  let from = 0
  let star = -1
  let starFrom = 0
  while (from < name.length) {
    const wanted = pattern[at]
    if (wanted === '*') {
      star = ++at
      starFrom = from
    } else if (wanted === '?' || (wanted !== undefined && wanted === name[from])) {
      at++
      from++
    } else if (star < 0) return false
    else {
      at = star
      from = ++starFrom
    }
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** ` Did you mean …?`, where there is something that may be meant. */
export function meant(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean ${near}?`
}
