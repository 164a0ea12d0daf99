import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chapters,
  judge,
  type Lesson,
  LessonHouse,
  nextLesson,
  optionLetter,
  type Prediction,
  proofOf,
} from '../../learn/index.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import type { LessonFolder } from './folder.ts'
import { Keys, saved } from './keys.ts'
import { Screen } from './screen.ts'
import {
  checkTask,
  type Learning,
  layOut,
  lessonNamed,
  review,
  say,
  showHint,
  showList,
  showSolution,
  showWhy,
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
      const word = await typed(learning.screen.text.listKeys, 'qlrp')
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
      if (word === 'p') {
        const chapter = await typed(`${learning.screen.text.whichChapter} ${chapters.join(' ')}`, '')
        lesson = proofOf(chapter ?? '', learning.lessons)
        if (lesson !== undefined) learning.keeper.change(lesson.id, () => ({ proves: true }))
        if (lesson === undefined) continue
      } else lesson = word === '' ? nextLesson(learning.lessons, learning.keeper) : found(word, learning)
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
    const { first, proves } = keeper.of(lesson.id)
    if (first === undefined && proves !== true) {
      const said = await letter(lesson.predict, screen)
      if (said === undefined) return false
      await say(lesson, said.option, said.sure, await opening, learning)
      if (!(await goesOn(screen))) return false
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
      const { taskKeys, answerKey, editKey } = screen.text
      const hints = [
        ...(lesson.asks === undefined ? [] : [answerKey]),
        ...(folder.names.length === 0 ? [] : [editKey]),
        taskKeys,
      ]
      const key = await typed(hints.join(' · '), 'acew$?s0q', saves)
      if (key === undefined || key === 'q') return false
      if (key === '?') await showHint(lesson, house, learning)
      else if (key === 's') showSolution(lesson, learning)
      else if (key === 'w') await showWhy(lesson, house, learning)
      else if (key === '$') {
        screen.lines(screen.text.shell, 'dim')
        const stop = watchCalls(lesson, house, learning)
        await lent(() => shell(lesson, house)).finally(stop)
        verdict = await checkTask(lesson, house, folder, learning)
      } else if (key === 'e' && folder.names.length > 0) {
        await lent(() => edit(folder.names))
        verdict = await checkTask(lesson, house, folder, learning)
      } else if (key === '0') {
        await house.startAgain()
        folder = layOut(lesson, house, learning, true)
      } else if (key === 'a' && lesson.asks !== undefined) {
        const answer = await typed(screen.text.answer, '')
        if (answer === undefined) return false
        if (answer !== '') verdict = await checkTask(lesson, house, folder, learning, answer)
      } else if (key === 'c' || key === '' || key === saved)
        verdict = await checkTask(lesson, house, folder, learning)
    }
    return await goesOn(screen)
  } finally {
    saves.close()
  }
}

/** Waits until the learner goes on; false if the learner leaves. */
async function goesOn(screen: Screen): Promise<boolean> {
  const key = await typed(screen.text.goesOn, 'q')
  return key !== undefined && key !== 'q'
}

/** Lends the terminal to another program. */
function lent(run: () => Promise<void>): Promise<void> {
  return keys === undefined ? run() : keys.lend(run)
}

/** Opens the files in the learner's editor: VISUAL, EDITOR, or vi. */
function edit(names: readonly string[]): Promise<void> {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi'
  // the variable may have options, as for git
  return ran('sh', ['-c', `${editor} "$@"`, 'sh', ...names], process.env)
}

function ran(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((done) => {
    const child = spawn(program, words, { env, stdio: 'inherit' })
    child.once('error', () => done())
    child.once('exit', () => done())
  })
}

/** How often the trail is asked for new calls, in milliseconds. */
const between = 500

/** Judges after each call that is made in the shell, and says in a line how many checks hold. Returns what ends it. */
function watchCalls(lesson: Lesson, house: LessonHouse, { screen }: Learning): () => void {
  const { recorder, firstAccount: account } = house.omen.omen.deps
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
  const lent = await house.omen.as(who).env()
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...rest } = process.env
  const home = new Home(mkdtempSync(join(tmpdir(), 'omen-learn-')))
  const { endpoint: url, account, keys } = house.omen
  home.writeServer({ url, pid: process.pid, mode: 'enforce', store: 'memory', account, keys, folded: true })
  const env = { ...rest, ...lent, OMEN_HOME: home.folder, AWS_PAGER: '' }
  await ran(process.env.SHELL ?? 'sh', [], env)
  rmSync(home.folder, { recursive: true, force: true })
}

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
  const singles = options.map((_, index) => optionLetter(index + 1)).join('')
  for (;;) {
    const key = await typed(
      `${screen.text.predict} ${screen.text.sure}`,
      `${singles}${singles.toUpperCase()}q`,
    )
    if (key === undefined || key === 'q') return undefined
    const option = key.toLowerCase().charCodeAt(0) - 96
    if (key.length === 1 && option >= 1 && option <= options.length)
      return { option, sure: key !== key.toLowerCase() }
  }
}

let keys: Keys | undefined

/** A key or a line that the learner types; undefined if the learner leaves. */
function typed(words: string, singles: string, saves?: Saves): Promise<string | undefined> {
  keys ??= new Keys(process.stdin, process.stdout)
  return keys.ask(words, singles, saves)
}

/** Ends the reading of keys, so that the process can end. */
export function stopTyping(): void {
  keys?.close()
  keys = undefined
}

/** @throws CommandFailure if standard input is no terminal */
export function needsTerminal(): void {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CommandFailure(
      'this needs a terminal: omen learn list, next, say, check, hint',
      exitCodes.badSyntax,
    )
}
