import { styleText } from 'node:util'
import {
  type Check,
  type CheckAnswer,
  chapters,
  checkWords,
  gotWords,
  housesWords,
  type Language,
  type Lesson,
  type LessonProgress,
  optionLetter,
  type Prediction,
  type Progress,
  progressOf,
  stateOf,
  type Text,
  type Verdict,
} from '../../learn/index.ts'
import { print, safe } from '../output.ts'
import { columnsOf, cut, padded, widthOf, wrapped } from '../width.ts'
import { type LearnText, learnText } from './text.ts'

type Style = Parameters<typeof styleText>[0]

const widest = 96
const indent = '  '

/** Writes lessons to a terminal or a pipe, in lines that fit. */
export class Screen {
  readonly language: Language
  readonly #stream: NodeJS.WriteStream

  constructor(language: Language, stream: NodeJS.WriteStream) {
    this.language = language
    this.#stream = stream
  }

  /** The columns of a line now: a terminal may change its size. */
  get width(): number {
    return Math.min(widest, widthOf(this.#stream))
  }

  get text(): LearnText {
    return learnText[this.language]
  }

  /** The text in the language of the screen. */
  of(text: Text): string {
    return text[this.language]
  }

  line(text = '', style?: Style): void {
    const painted = style === undefined ? text : styleText(style, text, { stream: this.#stream })
    print(`${painted}\n`, this.#stream)
  }

  /** A text in as many lines as it needs. */
  lines(text: string, style?: Style, before = indent, after = before): void {
    for (const part of text.split('\n'))
      for (const [index, line] of broken(
        safe(part),
        this.width - Math.max(columnsOf(before), columnsOf(after)),
      ).entries())
        this.line((index === 0 ? before : after) + line, style)
  }

  rule(): void {
    this.line(indent + '─'.repeat(this.width - 4), 'dim')
  }

  /** The list of lessons, by chapter. */
  list(lessons: readonly Lesson[], progress: Progress, next: Lesson | undefined, now: number): void {
    const { text } = this
    const solved = lessons.filter(({ id }) => progressOf(progress, id).solvedAt !== undefined).length
    this.line(`${indent}${text.title}  ${solved}/${lessons.length}`, 'bold')
    for (const chapter of chapters) {
      const ofChapter = lessons.filter((lesson) => lesson.chapter === chapter)
      for (const [index, lesson] of ofChapter.entries()) {
        const state = stateOf(progressOf(progress, lesson.id), now)
        const head = padded(index === 0 ? text.chapters[chapter] : '', 13)
        const mark = lesson === next ? '▸' : state === 'new' || state === 'begun' ? ' ' : '✓'
        const number = String(lessons.indexOf(lesson) + 1).padStart(2)
        const right = state === 'new' ? `${lesson.minutes} ${text.minutes}` : text.states[state]
        const left = `${indent}${head} ${mark} ${number} ${safe(this.of(lesson.title))}`
        const room = this.width - columnsOf(right) - 2
        this.line(`${padded(cut(left, room), room + 1)}${right}`, lesson === next ? 'bold' : undefined)
      }
    }
  }

  /** The first page of a lesson: who lives in its house, and the question. */
  question(lesson: Lesson, number: number): void {
    const { text } = this
    this.line()
    const right = `${text.chapters[lesson.chapter]} · ${lesson.minutes} ${text.minutes}`
    const left = `${indent}${number} · ${safe(this.of(lesson.title))}`
    const room = this.width - columnsOf(right) - 2
    this.line(`${padded(cut(left, room - 1), room)}${right}`, 'bold')
    this.rule()
    this.house(lesson.world)
    this.prediction(lesson.predict)
  }

  house(world: Lesson['world']): void {
    const lines = housesWords(world, this.language)
    const room = Math.min(28, Math.max(...lines.map(([name]) => columnsOf(name)), 8) + 2)
    for (const [name, words] of lines) {
      const head = padded(`${indent}${name}`, room + 2)
      this.lines(words, 'dim', columnsOf(head) > room + 2 ? `${head} ` : head, ' '.repeat(room + 2))
    }
    this.line()
  }

  prediction({ ask, options }: Prediction): void {
    this.lines(this.of(ask))
    this.line()
    for (const [index, option] of options.entries())
      this.lines(this.of(option), undefined, `${indent}  ${optionLetter(index + 1)}  `, `${indent}     `)
  }

  /** The learner's answer and the engine's. */
  contradiction(
    { options, right }: Prediction,
    said: number,
    sure: boolean,
    shown: readonly (readonly [Check, CheckAnswer])[],
  ): void {
    const { text } = this
    const option = options[said - 1]
    const words = option === undefined ? '' : this.of(option)
    this.line()
    this.lines(`${text.youSaid}: ${optionLetter(said)} ${words}${sure ? ` (${text.wereSure})` : ''}`)
    if (said === right) this.lines(text.right, 'green')
    else this.lines(`${text.wrong} ${optionLetter(right)} ${this.of(options[right - 1]!)}`, 'yellow')
    this.lines(text.engine, 'dim')
    for (const [check, answer] of shown) {
      this.lines(checkWords(check, this.language), undefined, `${indent}· `, `${indent}  `)
      if (check.equals !== undefined) this.lines(answer.got, 'magenta', `${indent}    `)
      if (answer.sentence !== undefined) this.lines(shortened(answer.sentence), 'magenta', `${indent}    `)
      if (answer.path !== undefined) this.lines(answer.path, 'magenta', `${indent}    `)
    }
  }

  /** The state of the task. */
  verdict({ checks, mistake, answered }: Verdict): void {
    const { text } = this
    const held = checks.filter(({ answer }) => answer.holds).length
    for (const [index, { check, answer }] of checks.entries()) {
      const mark = answer.holds ? '✓' : '✗'
      const word = answer.holds ? text.holds : text.fails
      const head = `${indent}${mark} ${index + 1} ${word}  `
      this.lines(
        checkWords(check, this.language),
        answer.holds ? 'green' : 'yellow',
        head,
        ' '.repeat(columnsOf(head)),
      )
      const words = answer.holds ? undefined : foundWords(answer, text.more, this.language)
      if (words !== undefined) this.lines(words, 'dim', ' '.repeat(columnsOf(head)))
    }
    if (checks.length > 0) this.line(`${indent}${held}/${checks.length} ${text.hold}`)
    if (answered === false) this.lines(`${text.answer}: ${text.fails}`, 'yellow')
    if (mistake !== undefined) this.lines(this.of(mistake.say), 'bold', `${indent}! `, `${indent}  `)
  }

  /** Everything after success. */
  solved(lesson: Lesson, progress: LessonProgress): void {
    const { text } = this
    this.line()
    this.line(`${indent}${text.solved}`, ['bold', 'green'])
    this.rule()
    this.lines(this.of(lesson.remember), 'bold', `${indent}${text.remember}: `, `${indent}  `)
    const { first } = progress
    const said = first && lesson.predict.options[first.option - 1]
    if (first !== undefined && said !== undefined)
      this.lines(`${text.youSaid}: ${this.of(said)}${first.sure ? ` (${text.wereSure})` : ''}`)
    this.lines(`${text.belief}: ${this.of(lesson.belief)}`, 'dim')
    this.solution(lesson)
    this.lines(`${text.others}:`)
    for (const { say } of lesson.mistakes)
      this.lines(plainSay(this.of(say)), 'dim', `${indent}· `, `${indent}  `)
    this.lines(`${text.rule}: ${lesson.facts.join(', ')} (docs/behaviour)`, 'dim')
    this.lines(text.tomorrow)
  }

  solution({ solution, commands = [], asks }: Lesson): void {
    this.lines(`${this.text.solution}:`)
    for (const [name, change] of Object.entries(solution.set ?? {}))
      this.lines(`${name}: ${JSON.stringify(change)}`, 'cyan', `${indent}  `)
    if (solution.session !== undefined) this.lines(JSON.stringify(solution.session), 'cyan', `${indent}  `)
    for (const command of commands) this.lines(command, 'cyan', `${indent}  $ `, `${indent}    `)
    if (asks !== undefined) this.lines(`${asks.trail}: ${asks.fields.join(', ')}`, 'cyan', `${indent}  `)
  }
}

/** Lines of a text: a word that is longer than a line is broken behind commas, and otherwise where the line ends. */
function broken(text: string, width: number): readonly string[] {
  return wrapped(text, width).flatMap((line) => {
    const parts: string[] = []
    let rest = line
    while (columnsOf(rest) > width) {
      const at = Math.max(rest.lastIndexOf(',', width - 1) + 1, rest.lastIndexOf('/', width - 1) + 1)
      const end = at > width / 3 ? at : width - (columnsOf(rest) === rest.length ? 0 : Math.floor(width / 2))
      parts.push(rest.slice(0, end))
      rest = rest.slice(end)
    }
    return [...parts, rest]
  })
}

/** An encoded message is very long; its beginning is enough. */
function shortened(sentence: string): string {
  return sentence.replace(/[\w-]{80,}/g, (blob) => `${blob.slice(0, 24)}…`)
}

function foundWords(
  { example, path, got }: CheckAnswer,
  more: string,
  language: Language,
): string | undefined {
  if (path !== undefined) return path
  if (example !== undefined && got === 'more') return `${more}: ${example}`
  return gotWords(got, language)
}

/** A sentence without its placeholders. */
function plainSay(say: string): string {
  return say.replace(/\{\w+\}/g, '…')
}
