/** Where a document is in the text of a dump. */
export interface Extent {
  readonly start: number
  readonly end: number
}

/** A member that holds a policy document, up to the brace with which the document begins. */
const documents = /(?<!\\)"(?:PolicyDocument|AssumeRolePolicyDocument|Document)"\s*:\s*(?=\{)/g

/**
 * Reads the text of a dump. Of a policy document the value has the extent: documents are most of a dump, many are equal, and
 * each is parsed with its positions later. Returns undefined if the text is not JSON; `parseJson` says why.
 */
export function readDump(text: string): unknown {
  let without = ''
  let from = 0
  for (const { index, 0: member } of text.matchAll(documents)) {
    if (index < from) continue // within another document
    const start = index + member.length
    const end = endOfObject(text, start)
    if (end === undefined) return undefined
    without += `${text.slice(from, start)}{"start":${start},"end":${end}}`
    from = end
  }
  try {
    return JSON.parse(without + text.slice(from))
  } catch {
    return undefined
  }
}

const quote = 34
const backslash = 92

/** The offset behind an object, by its braces; undefined if it does not end. */
function endOfObject(text: string, start: number): number | undefined {
  let open = 0
  let isInString = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) isInString = !isInString
    else if (isInString) {
      if (code === backslash) at++
      else if (code < 32) return undefined
    } else if (code === 123) open++
    else if (code === 125 && --open === 0) return at + 1
  }
  return undefined
}
