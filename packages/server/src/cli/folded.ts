/** What a terminal shows without breaking lines itself. */
const width = 80

/**
 * Pieces of one sentence as lines that fit a terminal where they can: broken between pieces alone, so that what
 * callers had a hand in never begins a line that it could pass for. Lines after the first are moved in.
 */
export function folded(pieces: readonly string[], indent: string): readonly string[] {
  const lines: string[] = []
  let line = indent
  for (const piece of pieces) {
    const isFirst = line.trim() === ''
    if (isFirst) line += piece
    else if (line.length + 1 + piece.length <= width) line += ` ${piece}`
    else {
      lines.push(line)
      line = `${indent}    ${piece}`
    }
  }
  return [...lines, line]
}

/** JSON on one line where it fits behind the indent, and else a member a line. */
export function foldedJson(value: unknown, indent: string): readonly string[] {
  const short = JSON.stringify(value)
  const lines = indent.length + short.length <= width ? [short] : JSON.stringify(value, null, 2).split('\n')
  return lines.map((line) => `${indent}${line}`)
}
