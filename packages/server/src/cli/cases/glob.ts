/** Whether a text fits a pattern in which `*` is any text and `?` any character. At most as many steps as both lengths multiplied. */
export function fitsGlob(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let mark = 0
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++
      mark = at
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      next++
      at++
    } else if (star >= 0) {
      next = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}
