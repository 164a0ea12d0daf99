import { Fault } from '../../base/index.ts'
import {
  type Check,
  type CheckAnswer,
  dueNow,
  hintsOf,
  judge,
  type Lesson,
  LessonHouse,
  type Prediction,
  progressOf,
  reviewed,
  solved,
  stateOf,
  type Verdict,
} from '../../learn/index.ts'
import { badSyntax } from '../failure.ts'
import { safe } from '../output.ts'
import { LessonFolder } from './folder.ts'
import type { Keeper } from './keeper.ts'
import type { Screen } from './screen.ts'

/** What the steps of a learner share. */
export interface Learning {
  readonly lessons: readonly Lesson[]
  readonly keeper: Keeper
  readonly screen: Screen
  /** The folder under which the files of lessons are laid out. */
  readonly parent: string
}

/** The lesson of an id or a number. @throws CommandFailure if there is none */
export function lessonNamed(name: string, lessons: readonly Lesson[]): Lesson {
  const found = lessons.find(({ id }) => id === name) ?? lessons[Number(name) - 1]
  if (found === undefined) throw badSyntax(`there is no lesson ${safe(name)}: omen learn list`)
  return found
}

/** The lesson to play next: the one that was left, or the first that is new. */
export function nextLesson({ lessons, keeper }: Learning): Lesson | undefined {
  const { progress, now } = keeper
  const state = ({ id }: Lesson) => stateOf(progressOf(progress, id), now)
  return lessons.find((each) => state(each) === 'begun') ?? lessons.find((each) => state(each) === 'new')
}

export function showList(learning: Learning): void {
  const { lessons, keeper, screen } = learning
  screen.list(lessons, keeper.progress, nextLesson(learning), keeper.now)
}

/** Asks the engine what a prediction shows. */
export async function shownOf(
  { shows }: Prediction,
  house: LessonHouse,
): Promise<readonly (readonly [Check, CheckAnswer])[]> {
  const shown: (readonly [Check, CheckAnswer])[] = []
  for (const check of shows) shown.push([check, await house.ask(check)])
  return shown
}

/** Takes the first answer: the engine contradicts or agrees, and the task follows. */
export async function say(
  lesson: Lesson,
  option: number,
  sure: boolean,
  house: LessonHouse,
  learning: Learning,
): Promise<void> {
  const { screen, keeper } = learning
  const { predict, id } = lesson
  const right = option === predict.right
  keeper.change(id, ({ first }) => ({ first: first ?? { option, sure, right, at: keeper.now } }))
  screen.contradiction(predict, option, sure, await shownOf(predict, house))
  await house.startAgain()
}

/** Lays the files out and says what is to be done. */
export function layOut(lesson: Lesson, house: LessonHouse, learning: Learning, again = false): LessonFolder {
  const { screen, parent } = learning
  const folder = new LessonFolder(parent, lesson)
  folder.layOut(house.omen, again)
  screen.line()
  screen.rule()
  screen.lines(screen.of(lesson.task), 'bold', `  ${screen.text.task}: `, '  ')
  if (folder.names.length > 0) {
    screen.lines(`${screen.text.files}:`)
    for (const name of folder.names) screen.lines(name, 'cyan', '    ')
    screen.lines(screen.text.change, 'dim')
  }
  return folder
}

/** Takes the files into the house. Returns AWS's refusal, if there is one. */
export async function applyFiles(house: LessonHouse, folder: LessonFolder): Promise<string | undefined> {
  const { set, session } = folder.read()
  house.lend(session)
  try {
    await house.apply(set)
    return undefined
  } catch (error) {
    if (error instanceof Fault) return `${error.code}: ${error.message}`
    if (error instanceof TypeError) return error.message
    throw error
  }
}

/** Judges the task, keeps what was found, and shows it. */
export async function checkTask(
  lesson: Lesson,
  house: LessonHouse,
  folder: LessonFolder,
  learning: Learning,
  answer?: string,
): Promise<Verdict | undefined> {
  const { screen, keeper } = learning
  const refused = await applyFiles(house, folder)
  screen.line()
  if (refused !== undefined) {
    screen.lines(`${screen.text.refused} ${refused}`, 'red')
    keeper.change(lesson.id, ({ failed }) => ({ failed: failed + 1 }))
    return undefined
  }
  const verdict = await judge(lesson, house, answer)
  screen.verdict(verdict)
  const kept = keeper.change(lesson.id, (before) => {
    if (verdict.solved) return solved(before, keeper.now)
    const number = verdict.mistake?.number
    return {
      failed: before.failed + 1,
      ...(number === undefined || before.mistakes.includes(number)
        ? {}
        : { mistakes: [...before.mistakes, number] }),
    }
  })
  if (verdict.solved) screen.solved(lesson, kept)
  return verdict
}

/** Shows the next hint. */
export async function showHint(lesson: Lesson, house: LessonHouse, learning: Learning): Promise<void> {
  const { screen, keeper } = learning
  const hints = hintsOf(lesson, await judge(lesson, house), screen.language)
  const { hints: seen } = keeper.of(lesson.id)
  const number = Math.min(seen, hints.length - 1)
  screen.lines(hints[number] ?? '', 'yellow', `  ${screen.text.hint} ${number + 1}/${hints.length}: `, '    ')
  if (seen < hints.length) keeper.change(lesson.id, (before) => ({ hints: before.hints + 1 }))
}

/** Shows the solution, after three hints or two checks that failed, or once the lesson is solved. */
export function showSolution(lesson: Lesson, { screen, keeper }: Learning): void {
  const { hints, failed, solvedAt } = keeper.of(lesson.id)
  if (solvedAt === undefined && hints < 3 && failed < 2) {
    screen.lines(`${screen.text.solution}: ${screen.text.notYet}`)
    return
  }
  if (solvedAt === undefined) keeper.change(lesson.id, () => ({ shown: true }))
  screen.solution(lesson)
}

/** Asks what is due, each in another instance. @param ask the learner's letter; undefined leaves */
export async function review(
  learning: Learning,
  ask: (
    prediction: Prediction,
    lesson: Lesson,
  ) => Promise<{ readonly option: number; readonly sure: boolean } | undefined>,
): Promise<void> {
  const { lessons, keeper, screen } = learning
  const due = dueNow(keeper.progress, lessons, keeper.now)
  if (due.length === 0) screen.lines(screen.text.nothingDue)
  for (const lesson of due) {
    const instance = lesson.again[keeper.of(lesson.id).reviews % lesson.again.length]!
    screen.line()
    screen.line(`  ${screen.text.review}: ${screen.of(lesson.title)}`, 'bold')
    screen.rule()
    screen.house(instance.world)
    screen.prediction(instance)
    const said = await ask(instance, lesson)
    if (said === undefined) return
    const house = await LessonHouse.ofInstance(lesson.id, instance)
    try {
      screen.contradiction(instance, said.option, said.sure, await shownOf(instance, house))
    } finally {
      await house.close()
    }
    const isRight = said.option === instance.right
    const { due: next } = keeper.change(lesson.id, (before) => reviewed(before, isRight, keeper.now))
    const days = next === undefined ? '' : ` ${Math.round((next - keeper.now) / 86_400_000)} d`
    screen.lines(screen.of(lesson.remember), 'bold')
    screen.lines(isRight ? `${screen.text.reviewRight}${days}` : `${screen.text.reviewWrong} ${lesson.id}`)
  }
}
