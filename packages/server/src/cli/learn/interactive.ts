import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { type Lesson, LessonHouse, type Prediction } from '../../learn/index.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { print } from '../output.ts'
import type { LessonFolder } from './folder.ts'
import { Screen } from './screen.ts'
import {
  checkTask,
  type Learning,
  layOut,
  lessonNamed,
  nextLesson,
  review,
  say,
  showHint,
  showList,
  showSolution,
} from './steps.ts'

/** Changes of a file within this time, in milliseconds, are one save. */
const pause = 150

/** Plays on a terminal: the list, a lesson, and the next one, until the learner leaves. */
export async function playOnTerminal(start: Learning, first: Lesson | undefined): Promise<void> {
  let learning = start
  let lesson = first
  for (;;) {
    if (lesson === undefined) {
      showList(learning)
      learning.screen.line()
      const word = await typed(learning.screen.text.listKeys)
      if (word === undefined || word === 'q') break
      if (word === 'l') {
        const language = learning.screen.language === 'en' ? 'ja' : 'en'
        learning = { ...learning, screen: new Screen(language, process.stdout) }
        continue
      }
      if (word === 'r') {
        await review(learning, askOption)
        continue
      }
      lesson = word === '' ? nextLesson(learning) : found(word, learning)
      if (lesson === undefined) continue
    }
    const goesOn = await playLesson(lesson, learning)
    if (!goesOn) break
    lesson = undefined
  }
  learning.screen.lines(learning.screen.text.leaves)

  async function askOption(prediction: Prediction) {
    return letter(prediction, learning.screen)
  }
}

function found(word: string, { lessons, screen }: Learning): Lesson | undefined {
  try {
    return lessonNamed(word, lessons)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    screen.lines(error.message)
    return undefined
  }
}

/** Plays one lesson; false if the learner leaves. */
async function playLesson(lesson: Lesson, learning: Learning): Promise<boolean> {
  const { screen, lessons, keeper } = learning
  const opening = LessonHouse.open(lesson)
  // the house opens while the question is read; its failure is thrown where it is awaited
  opening.catch(() => {})
  screen.question(lesson, lessons.indexOf(lesson) + 1)
  try {
    if (keeper.of(lesson.id).first === undefined) {
      const said = await letter(lesson.predict, screen)
      if (said === undefined) return false
      await say(lesson, said.option, said.sure, await opening, learning)
      if ((await typed(screen.text.goesOn)) === undefined) return false
    }
    return await playTask(lesson, await opening, learning)
  } finally {
    await opening.then((house) => house.close()).catch(() => {})
  }
}

async function playTask(lesson: Lesson, house: LessonHouse, learning: Learning): Promise<boolean> {
  const { screen } = learning
  let folder = layOut(lesson, house, learning)
  const saves = new Saves(folder)
  try {
    let verdict = await checkTask(lesson, house, folder, learning)
    while (verdict?.solved !== true) {
      screen.line()
      const word = await typed(
        lesson.asks === undefined ? screen.text.taskKeys : `${screen.text.answer} · ${screen.text.taskKeys}`,
        saves,
      )
      if (word === undefined || word === 'q') return false
      if (word === '?') await showHint(lesson, house, learning)
      else if (word === 's') showSolution(lesson, learning)
      else if (word === '$') {
        screen.lines(screen.text.shell, 'dim')
        await shell(lesson, house)
        verdict = await checkTask(lesson, house, folder, learning)
      } else if (word === '0') {
        await house.startAgain()
        folder = layOut(lesson, house, learning, true)
      } else {
        const isAnswer = word !== 'c' && word !== '' && word !== saved
        verdict = await checkTask(lesson, house, folder, learning, isAnswer ? word : undefined)
      }
    }
    return (await typed(screen.text.goesOn)) !== undefined
  } finally {
    saves.close()
  }
}

/** The learner's own shell with the keys of the lesson's house. */
async function shell(lesson: Lesson, house: LessonHouse): Promise<void> {
  const who = lesson.you === 'admin' ? 'user/admin' : lesson.you
  const own = await house.omen.as(who).env()
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...rest } = process.env
  const env = { ...rest, ...own, AWS_PAGER: '' }
  await new Promise<void>((done) => {
    const child = spawn(process.env.SHELL ?? 'sh', [], { env, stdio: 'inherit' })
    child.once('error', () => done())
    child.once('exit', () => done())
  })
}

/** What `typed` returns when a file was saved. */
const saved = '\u0000'

/** Says when one of a lesson's files has been saved. */
class Saves {
  readonly #watcher: ReturnType<typeof watch>
  #told: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor({ folder }: LessonFolder) {
    this.#watcher = watch(folder, () => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#told?.(), pause)
    })
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#told = resolve
    })
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#watcher.close()
  }
}

/** The letter of an option; a capital one means that the learner is sure. */
export async function letter({ options }: Prediction, screen: Screen) {
  for (;;) {
    const word = await typed(`${screen.text.predict} ${screen.text.sure}`)
    if (word === undefined || word === 'q' || word === 'Q') return undefined
    const option = word.toLowerCase().charCodeAt(0) - 96
    if (word.length === 1 && option >= 1 && option <= options.length)
      return { option, sure: word !== word.toLowerCase() }
  }
}

/** A line that the learner types; undefined at the end of the input, or if it is Ctrl-C. */
async function typed(words: string, saves?: Saves): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  print(`  ${words}\n`)
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '  > ' })
  lines.prompt()
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once('line', (line) => resolve(line.trim()))
      lines.once('close', () => resolve(undefined))
      lines.once('SIGINT', () => resolve(undefined))
      void saves?.next().then(() => {
        print('\n')
        resolve(saved)
      })
    })
  } finally {
    lines.removeAllListeners('close')
    lines.close()
  }
}

/** @throws CommandFailure if standard input is no terminal */
export function needsTerminal(): void {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CommandFailure(
      'this needs a terminal: omen learn list, show, say, check, hint',
      exitCodes.badSyntax,
    )
}

/** The lesson that proves a chapter: the one that says so, or its last. */
export function proofOf(chapter: string, lessons: readonly Lesson[]): Lesson | undefined {
  const own = lessons.filter((lesson) => lesson.chapter === chapter)
  return own.find(({ proof }) => proof === true) ?? own.at(-1)
}
