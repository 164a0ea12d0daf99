import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { judge, type Lesson, LessonHouse, type Prediction } from '../../learn/index.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'
import { widthOf, wrapped } from '../width.ts'
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
  stopTyping()

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
        const stop = watchCalls(lesson, house, learning)
        await shell(lesson, house).finally(stop)
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

/** How often the trail is asked for new calls, in milliseconds. */
const between = 500

/** Judges after each call that is made in the shell, and says in a line how many checks hold. Returns what ends it. */
function watchCalls(lesson: Lesson, house: LessonHouse, { screen }: Learning): () => void {
  const { recorder, firstAccount: account } = house.omen.omen.house
  const newest = async () => (await recorder.lookUp({ account, limit: 1 })).events[0]?.id
  let seen: string | undefined
  let isBusy = true
  void newest().then((id) => {
    seen = id
    isBusy = false
  })
  const look = async () => {
    if (isBusy) return
    isBusy = true
    if ((await newest()) !== seen) {
      const { checks } = await judge(lesson, house)
      screen.line(
        `\n  ${checks.filter(({ answer }) => answer.holds).length}/${checks.length} ${screen.text.hold}`,
      )
      // a check may make calls itself
      seen = await newest()
    }
    isBusy = false
  }
  const timer = setInterval(() => void look(), between)
  return () => clearInterval(timer)
}

/** The learner's own shell with the keys of the lesson's house. */
async function shell(lesson: Lesson, house: LessonHouse): Promise<void> {
  const who = lesson.you === 'admin' ? 'user/admin' : lesson.you
  const own = await house.omen.as(who).env()
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...rest } = process.env
  const home = new Home(mkdtempSync(join(tmpdir(), 'omen-learn-')))
  const { endpoint: url, account, keys } = house.omen
  home.writeServer({ url, pid: process.pid, mode: 'enforce', store: 'memory', account, keys, folded: true })
  const env = { ...rest, ...own, OMEN_HOME: home.folder, AWS_PAGER: '' }
  lines?.pause()
  await new Promise<void>((done) => {
    const child = spawn(process.env.SHELL ?? 'sh', [], { env, stdio: 'inherit' })
    child.once('error', () => done())
    child.once('exit', () => done())
  })
  lines?.resume()
  rmSync(home.folder, { recursive: true, force: true })
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

/**
 * The lines that the learner types. The terminal edits and echoes them itself, so that it is as before whenever the process
 * ends.
 */
class Lines {
  readonly #waiting: string[] = []
  readonly #input: Interface
  #take: ((line: string | undefined) => void) | undefined
  #ended = false

  constructor() {
    this.#input = createInterface({ input: process.stdin, terminal: false })
    this.#input.on('line', (line) => this.#give(line.trim()))
    this.#input.on('close', () => {
      this.#ended = true
      this.#give(undefined)
    })
  }

  #give(line: string | undefined): void {
    const take = this.#take
    this.#take = undefined
    if (take !== undefined) take(line)
    else if (line !== undefined) this.#waiting.push(line)
  }

  /** The next line; undefined at the end of the input. */
  next(saves: Saves | undefined): Promise<string | undefined> {
    const [first] = this.#waiting.splice(0, 1)
    if (first !== undefined || this.#ended) return Promise.resolve(first)
    return new Promise((resolve) => {
      this.#take = resolve
      void saves?.next().then(() => this.#take === resolve && this.#give(saved))
    })
  }

  /** Leaves the input to another process meanwhile. */
  pause(): void {
    this.#input.pause()
  }

  resume(): void {
    this.#input.resume()
  }

  close(): void {
    this.#input.close()
  }
}

let lines: Lines | undefined

/** A line that the learner types; undefined at the end of the input. */
async function typed(words: string, saves?: Saves): Promise<string | undefined> {
  lines ??= new Lines()
  for (const line of wrapped(words, Math.min(76, widthOf(process.stdout) - 4))) print(`  ${line}\n`)
  print('  > ')
  const line = await lines.next(saves)
  if (line === saved) print('\n')
  return line
}

/** Ends the reading of lines, so that the process can end. */
export function stopTyping(): void {
  lines?.close()
  lines = undefined
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
