/** The width without a terminal. */
const usual = 80
const narrowest = 40
const widest = 160

/** How many columns a line may have: of a terminal its own, within reason. */
export function widthOf(stream: NodeJS.WriteStream): number {
  const columns = stream.columns ?? Number(process.env.COLUMNS ?? usual)
  return Number.isInteger(columns) ? Math.min(widest, Math.max(narrowest, columns)) : usual
}

/** The width that lines are cut to; undefined if they go to no terminal: then nothing is lost. */
export function lineWidth(stream: NodeJS.WriteStream): number | undefined {
  return stream.columns === undefined && process.env.COLUMNS === undefined ? undefined : widthOf(stream)
}

/** Words as lines of at most `width` columns; a longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** The text with at most so many characters: of a longer one the end is left out, with a mark. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
