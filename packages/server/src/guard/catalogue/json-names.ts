/**
 * Returns whether an object in a JSON text has a member twice. Parsers keep the first, the last, or neither; the
 * decision must be about what the upstream reads (behaviour GRD-21). The text is known to be JSON.
 */
export function repeatsNames(text: string): boolean {
  return someName(text, (name, before) => before.has(name))
}

/** Names of the members of the outermost object. If the text is not JSON, the names that could be read. */
export function outermostNames(text: string): readonly string[] {
  const found: string[] = []
  someName(text, (name, _, depth) => {
    if (depth === 1) found.push(name)
    return false
  })
  return found
}

/** Returns whether that is so of a name, the names before it in its object, and how deep that object is. */
function someName(
  text: string,
  isSo: (name: string, before: ReadonlySet<string>, depth: number) => boolean,
): boolean {
  const open: (Set<string> | undefined)[] = []
  let at = 0
  let names: Set<string> | undefined
  /** Whether the next text is a name. */
  let naming = false
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOf(text, at)
        if (naming && names !== undefined) {
          const name = nameOf(text.slice(at, end))
          if (isSo(name, names, open.length)) return true
          if (names === none) names = new Set()
          names.add(name)
          naming = false
        }
        at = end
        continue
      }
      case 0x7b: // {
        open.push(names)
        names = none
        naming = true
        break
      case 0x5b: // [
        open.push(names)
        names = undefined
        naming = false
        break
      case 0x7d: // }
      case 0x5d: // ]
        names = open.pop()
        naming = false
        break
      case 0x2c: // ,
        naming = names !== undefined
    }
    at++
  }
  return false
}

/** Of an object without a name yet: most have one or none, and a set of its own takes longer than the rest. */
const none = new Set<string>()
const quote = 0x22
const backslash = 0x5c

/** Where a text ends that begins here: behind its closing quote. */
function endOf(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return at + 1
    at = text.indexOf('"', at + 1)
  }
  return text.length
}

/** @throws SyntaxError if it is not a JSON string */
function nameOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
}
