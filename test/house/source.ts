/** A source text taken apart, so that rules look at code without being misled by texts and comments. */
export interface Source {
  readonly text: string
  /** The text with the inside of comments, strings, templates and regular expressions turned to spaces. */
  readonly code: string
  /** The text with everything but comments turned to spaces. */
  readonly comments: string
  /** Every regular expression in it, as written. */
  readonly expressions: readonly Expression[]
}

/** A regular expression literal. */
export interface Expression {
  readonly source: string
  readonly flags: string
  /** Its offset. */
  readonly offset: number
}

/** After such a character, or one of these words, a slash cannot be a division. */
const beforeExpression = new Set('(,=:[!&|?{};+-*%~^<>')
const wordsBeforeExpression =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/

/** Takes a source apart in one pass. An unfinished string ends with its line. */
export function readSource(text: string): Source {
  const code = text.split('')
  const comments: string[] = text.split('').map((character) => (character === '\n' ? character : ' '))
  /** One entry an open `${`: how many braces were open inside it. */
  const templates: number[] = []
  const expressions: Expression[] = []
  let at = 0

  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (code[i] !== '\n') code[i] = ' '
  }
  const comment = (end: number) => {
    for (let i = at; i < end; i++) comments[i] = text[i]!
    blank(at, end)
    at = end
  }
  const literal = (end: number) => {
    const closed = end - 1 > at && text[end - 1] === text[at]
    blank(at + 1, closed ? end - 1 : end)
    at = end
  }
  /** From a backtick, or from the brace that ends a `${…}`, to the next `${` or the closing backtick. */
  const template = () => {
    const start = at++
    while (at < text.length && text[at] !== '`' && !(text[at] === '$' && text[at + 1] === '{')) {
      at += text[at] === '\\' ? 2 : 1
    }
    blank(start + 1, Math.min(at, text.length))
    if (text[at] === '$') {
      templates.push(0)
      at += 2
    } else at++
  }

  while (at < text.length) {
    const character = text[at]!
    const two = text.slice(at, at + 2)
    if (two === '//') comment(endOf(text, '\n', at))
    else if (two === '/*') comment(Math.min(text.length, endOf(text, '*/', at + 2) + 2))
    else if (character === "'" || character === '"') literal(stringEnd(text, at))
    else if (character === '`') template()
    else if (character === '/' && startsExpression(code, at)) {
      const end = regexEnd(text, at)
      const flags = /^[dgimsuvy]*/.exec(text.slice(end, end + 8))?.[0] ?? ''
      expressions.push({ source: text.slice(at + 1, end - 1), flags, offset: at })
      literal(end)
    } else if (character === '}' && templates.at(-1) === 0) {
      templates.pop()
      template()
    } else {
      if (templates.length > 0 && character === '{') templates[templates.length - 1]!++
      if (templates.length > 0 && character === '}') templates[templates.length - 1]!--
      at++
    }
  }
  return { text, code: code.join(''), comments: comments.join(''), expressions }
}

/** What a module imports: the specifier and its line. */
export interface Import {
  readonly specifier: string
  readonly line: number
}

const importForms = [
  /\bgetBuiltinModule\(\s*(['"])/g,
  /\bfrom\s*(['"])/g, // import … from '…', export … from '…'
  /\bimport\s*(['"])/g,
  /\b(?:import|require)\s*\(\s*(['"])/g,
]

/** Everything that a source imports, types too: knowing a type is knowing the room. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = []
  for (const form of importForms) {
    for (const match of source.code.matchAll(form)) {
      const start = match.index + match[0].length
      const end = source.text.indexOf(match[1]!, start)
      found.push({ specifier: source.text.slice(start, end), line: lineAt(source.text, match.index) })
    }
  }
  return found.sort((a, b) => a.line - b.line)
}

/** The line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++
  return line
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  return end < 0 ? text.length : end
}

function stringEnd(text: string, start: number): number {
  const quote = text[start]
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return i + 1
    else if (text[i] === '\n') return i
  }
  return text.length
}

function regexEnd(text: string, start: number): number {
  let inClass = false
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '\n') return i
    else if (text[i] === '[') inClass = true
    else if (text[i] === ']') inClass = false
    else if (text[i] === '/' && !inClass) return i + 1
  }
  return text.length
}

function startsExpression(code: readonly string[], at: number): boolean {
  let i = at - 1
  while (i >= 0 && /\s/.test(code[i]!)) i--
  if (i < 0 || beforeExpression.has(code[i]!)) return true
  return wordsBeforeExpression.test(code.slice(Math.max(0, i - 12), i + 1).join(''))
}
