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

/** Characters that fill two columns: of Chinese, Japanese and Korean, their full-width forms, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
/** Characters that fill none: they join the one before. */
const joining = /\p{Mn}|\p{Cf}/u
/** Japanese marks that no line begins with. */
const closing = /^[、。，．・：；？！」』）】〉》〕ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…]/u
/** Japanese marks that no line ends with. */
const opening = /[「『（【〈《〔]$/u

let segmenter: Intl.Segmenter | undefined

/** The characters of a text. ICU takes 15 ms for its first segmenter, which most commands do not need. */
function charactersOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('ja', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** How many columns of a terminal a text fills. */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of charactersOf(text))
    columns += wide.test(segment) ? 2 : joining.test(segment) && segment.length === 1 ? 0 : 1
  return columns
}

/** The text with blanks behind it, up to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/**
 * A text as lines of at most `width` columns, broken at blanks, and in Japanese between characters; a longer word has a
 * line of its own.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let filled = 0
  for (const [index, word] of text.split(/\s+/).entries()) {
    for (const [place, piece] of piecesOf(word).entries()) {
      const gap = place === 0 && index > 0 && line !== '' ? ' ' : ''
      const columns = columnsOf(piece)
      if (line !== '' && filled + gap.length + columns > width) {
        lines.push(line)
        line = piece
        filled = columns
      } else {
        line += gap + piece
        filled += gap.length + columns
      }
    }
  }
  return [...lines, line]
}

/** The parts of a word between which a line may end: one part, unless it has wide characters. */
function piecesOf(word: string): readonly string[] {
  if (!wide.test(word)) return [word]
  const pieces: string[] = []
  for (const { segment } of charactersOf(word)) {
    const last = pieces.at(-1)
    const isOneWord = last !== undefined && !wide.test(segment) && !wide.test(last.at(-1) ?? '')
    if (last !== undefined && (isOneWord || closing.test(segment) || opening.test(last)))
      pieces[pieces.length - 1] = last + segment
    else pieces.push(segment)
  }
  return pieces
}

/** The text with at most so many columns: of a longer one the end is left out, with a mark. */
export function cut(text: string, most: number): string {
  if (columnsOf(text) <= most) return text
  let kept = ''
  let columns = 1
  for (const { segment } of charactersOf(text)) {
    columns += columnsOf(segment)
    if (columns > most) break
    kept += segment
  }
  return `${kept}…`
}
