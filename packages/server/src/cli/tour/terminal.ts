import { styleText } from 'node:util'
import { print } from '../output.ts'
import type { StageParts } from './aws-stage.ts'
import type { Chapter } from './cast.ts'

const width = 88
const answerLines = 12

type Style = Parameters<typeof styleText>[0]

/** Writes the story for people; colour only where the terminal has it. */
export function terminal(stream: NodeJS.WriteStream): {
  chapter(chapter: Chapter, number: number): void
  readonly shown: StageParts['shown']
} {
  const paint = (style: Style, text: string) => styleText(style, text, { stream })
  const write = (text: string) => print(`${text}\n`, stream)
  return {
    chapter(chapter, number) {
      write('')
      write(paint('bold', `${number}. ${chapter.title}`))
      for (const line of wrapped(chapter.tale)) write(`   ${line}`)
      write('')
    },
    shown: {
      call(who, command) {
        write(`${paint('cyan', who.name)} $ aws ${command.map(quoted).join(' ')}`)
      },
      answer(answer) {
        if (answer === null) return
        const lines = JSON.stringify(answer, hideSecrets, 2).split('\n')
        for (const line of lines.slice(0, answerLines)) write(paint('dim', `    ${line.slice(0, width)}`))
        if (lines.length > answerLines) write(paint('dim', `    … ${lines.length - answerLines} more lines`))
      },
      refusal({ code, message }) {
        const text = `✗ ${code === '' ? '' : `${code}: `}${shortened(message)}`
        for (const line of wrapped(text)) write(paint('yellow', `    ${line}`))
      },
      fact(fact) {
        write(paint('green', `    ✓ ${fact}`))
      },
    },
  }
}

function wrapped(text: string): readonly string[] {
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

/** An encoded message is a page of letters; its beginning is enough to know it by. */
function shortened(message: string): string {
  return message.replace(/[\w-]{120,}/g, (blob) => `${blob.slice(0, 40)}…`)
}

function hideSecrets(key: string, value: unknown): unknown {
  if (key === 'SecretAccessKey') return '(40 characters, shown once)'
  return key === 'SessionToken' && typeof value === 'string'
    ? `${value.slice(0, 24)}… (${value.length} characters)`
    : value
}

function quoted(argument: string): string {
  const short = shortened(argument)
  return /^[\w@%+=:,./-]+$/.test(short) || short.endsWith('…') ? short : `'${short}'`
}
