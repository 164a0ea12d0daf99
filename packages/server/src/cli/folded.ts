import { columnsOf } from './width.ts'

/** Text in lines that a terminal shows without breaking them. */
const width = 80

/**
 * Parts of one sentence as lines that fit a terminal if they can: broken only between parts, so that text from callers
 * never begins a line that could look like Omen's own. Lines after the first are indented.
 */
export function folded(pieces: readonly string[], indent: string): readonly string[] {
  const lines: string[] = []
  let line = indent
  for (const piece of pieces) {
    const isFirst = line.trim() === ''
    if (isFirst) line += piece
    else if (columnsOf(line) + 1 + columnsOf(piece) <= width) line += ` ${piece}`
    else {
      lines.push(line)
      line = `${indent}    ${piece}`
    }
  }
  return [...lines, line]
}

/** JSON on one line if it fits after the indent, otherwise one member a line. */
export function foldedJson(value: unknown, indent: string): readonly string[] {
  const short = JSON.stringify(value)
  const lines = indent.length + short.length <= width ? [short] : JSON.stringify(value, null, 2).split('\n')
  return lines.map((line) => `${indent}${line}`)
}
