import { styleText } from 'node:util'
import { print, safe } from '../output.ts'
import { writeDecision } from '../reason/decision.ts'
import { becauseOf } from '../reason/verdict-table.ts'
import { columnsOf, cut, widthOf, wrapped } from '../width.ts'
import type { Language } from '../words/language.ts'
import { reasonWords } from '../words/reason.ts'
import { titled } from '../words/title.ts'
import { tourText } from '../words/tour.ts'
import type { StageParts } from './aws-stage.ts'
import type { Chapter } from './cast.ts'
import { summaryOf } from './summary.ts'

/** A story is read in lines of this width at the most. */
const widest = 88

type Style = Parameters<typeof styleText>[0]

/** Writes the tour for people; with color only if the terminal has it. */
export function terminal(
  stream: NodeJS.WriteStream,
  language: Language = 'en',
): {
  chapter(chapter: Chapter, number: number): void
  readonly shown: StageParts['shown']
} {
  const width = Math.min(widest, widthOf(stream))
  const paint = (style: Style, text: string) => styleText(style, text, { stream })
  const write = (text: string) => print(`${text}\n`, stream)
  /** The first denial is shown in the words of `omen why`, the others in one line. */
  let shownWhole = false
  const inner = (text: string) => wrapped(text, width - 4)
  return {
    chapter(chapter, number) {
      write('')
      write(paint('bold', `${number}. ${tourText(chapter.title, language)}`))
      for (const line of wrapped(tourText(chapter.tale, language), width - 3)) write(`   ${line}`)
      write('')
    },
    shown: {
      call(who, command) {
        const name = tourText(who.name, language)
        const [first = '', ...more] = commandLines(['aws', ...command], columnsOf(name) + 3, width)
        write(`${paint('cyan', name)} $ ${first}`)
        for (const line of more) write(line)
      },
      answer(answer) {
        for (const line of summaryOf(answer)) write(paint('dim', `    ${cut(safe(line), width - 4)}`))
      },
      refusal({ code, message }) {
        const text = `✗ ${code === '' ? '' : `${code}: `}${shortened(message)}`
        for (const line of inner(safe(text))) write(paint('yellow', `    ${line}`))
      },
      why(decision) {
        const asked = decision.asked.at(-1)
        if (asked === undefined) return
        if (!shownWhole) {
          write('')
          write('$ omen why')
          writeDecision(decision, stream, language)
          write('')
          shownWhole = true
          return
        }
        const text = `omen why: ${asked.action}: ${becauseOf(titled(decision, language), reasonWords[language])}`
        for (const line of inner(safe(text))) write(paint('magenta', `    ${line}`))
      },
      fact(fact) {
        for (const line of inner(`✓ ${tourText(fact, language)}`)) write(paint('green', `    ${line}`))
      },
    },
  }
}

/**
 * A command as one types it over several lines: options begin a new line if one is full, and policies are broken
 * behind commas, which JSON allows.
 */
export function commandLines(words: readonly string[], before: number, width: number): readonly string[] {
  const pieces: string[] = []
  for (const word of words) {
    const last = pieces.at(-1)
    // an option stays with its value
    if (last !== undefined && /^--\S+$/.test(last) && !word.startsWith('--'))
      pieces[pieces.length - 1] = `${last} ${quoted(word)}`
    else pieces.push(quoted(word))
  }
  const lines: string[] = []
  let line = ''
  let room = width - before - 2
  for (const piece of pieces) {
    if (line !== '' && line.length + 1 + piece.length > room) {
      lines.push(line)
      line = ''
      room = width - 6
    }
    line = line === '' ? piece : `${line} ${piece}`
  }
  lines.push(line)
  return lines.flatMap((each, i) => {
    const end = i < lines.length - 1 ? ' \\' : ''
    const [first = '', ...rest] = broken(each, i === 0 ? width - before - 2 : width - 6)
    return [...(i === 0 ? [first] : [`    ${first}`]), ...rest.map((text) => `      ${text}`)].map(
      (text, n, all) => (n === all.length - 1 ? text + end : text),
    )
  })
}

/** A line that is too long, broken at blanks and behind commas. */
function broken(line: string, room: number): readonly string[] {
  const lines: string[] = []
  let rest = line
  while (rest.length > room) {
    const at = Math.max(
      rest.lastIndexOf(',', room - 1),
      rest.lastIndexOf('{', room - 1),
      rest.lastIndexOf(':[', room - 1) + 1,
    )
    if (at <= 0) break
    lines.push(rest.slice(0, at + 1))
    rest = rest.slice(at + 1)
  }
  return [...lines, rest]
}

/** An encoded message is very long; its beginning is enough to recognize it. */
function shortened(message: string): string {
  return message.replace(/[\w-]{120,}/g, (blob) => `${blob.slice(0, 40)}…`)
}

function quoted(argument: string): string {
  const short = shortened(argument)
  return /^[\w@%+=:,./-]+$/.test(short) || short.endsWith('…') ? short : `'${short}'`
}
