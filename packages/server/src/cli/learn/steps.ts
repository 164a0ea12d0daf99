import { viewJudged, wholeSight } from '../../gate/index.ts'
import {
  type Check,
  type CheckAnswer,
  hintsOf,
  judge,
  type Keeper,
  keepAnswer,
  keepHint,
  keepRefusal,
  keepReview,
  keepShown,
  keepVerdict,
  type Lesson,
  LessonHouse,
  nextLesson,
  type Prediction,
  reviewsDue,
  type Verdict,
} from '../../learn/index.ts'
import { badSyntax } from '../failure.ts'
import { safe } from '../output.ts'
import { writeDecision } from '../reason/decision.ts'
import type { AskedView } from '../reason/view.ts'
import { LessonFolder } from './folder.ts'
import type { Screen } from './screen.ts'

/** The data that the steps of a learner share. */
export interface Learning {
  readonly lessons: readonly Lesson[]
  readonly keeper: Keeper
  readonly screen: Screen
  /** The folder under which the files of lessons are laid out. */
  readonly parent: string
}

/** The lesson of an id or a number. @throws CommandFailure if there is none */
export function lessonNamed(name: string, lessons: readonly Lesson[]): Lesson {
  const lesson = lessons.find(({ id }) => id === name) ?? lessons[Number(name) - 1]
  if (lesson === undefined) throw badSyntax(`there is no lesson ${safe(name)}: omen learn list`)
  return lesson
}

export function showList(learning: Learning): void {
  const { lessons, keeper, screen } = learning
  screen.list(lessons, keeper.progress, nextLesson(lessons, keeper), keeper.now)
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
  const { predict } = lesson
  keepAnswer(lesson, option, sure, keeper)
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
  return house.take(set, session)
}

/** Judges the task, keeps what was found, and shows it. */
export async function checkTask(
  lesson: Lesson,
  house: LessonHouse,
  folder: LessonFolder,
  learning: Learning,
  answer?: string,
): Promise<Verdict | undefined> {
  const { screen, keeper, lessons } = learning
  const refused = await applyFiles(house, folder)
  screen.line()
  if (refused !== undefined) {
    screen.lines(`${screen.text.refused} ${refused}`, 'red')
    keepRefusal(lesson, keeper)
    return undefined
  }
  const verdict = await judge(lesson, house, answer)
  screen.verdict(verdict)
  const isHeld = verdict.checks.every(({ answer: { holds } }) => holds)
  if (isHeld && !verdict.solved && answer === undefined) screen.lines(screen.text.answerMissing, 'yellow')
  const kept = keepVerdict(lesson, verdict, lessons, keeper)
  if (verdict.solved) screen.solved(lesson, kept)
  return verdict
}

/** Shows the next hint. */
export async function showHint(lesson: Lesson, house: LessonHouse, learning: Learning): Promise<void> {
  const { screen, keeper } = learning
  const hints = hintsOf(lesson, await judge(lesson, house), screen.language)
  const number = keepHint(lesson, hints.length, keeper)
  screen.lines(hints[number] ?? '', 'yellow', `  ${screen.text.hint} ${number + 1}/${hints.length}: `, '    ')
}

/** Shows the gates of the first check that does not hold, as `omen why` does, without the ways out. */
export async function showWhy(lesson: Lesson, house: LessonHouse, { screen }: Learning): Promise<void> {
  const { checks } = await judge(lesson, house)
  const failed = checks.find(({ answer }) => !answer.holds && answer.judged !== undefined)?.answer
  if (failed?.judged === undefined || failed.call === undefined) {
    screen.lines(screen.text.whyNothing)
    return
  }
  // as the server's own API sends it
  const asked = JSON.parse(JSON.stringify(viewJudged(failed.judged, failed.call, wholeSight))) as AskedView
  screen.line()
  const { caller = '', outcome } = asked
  const view = { caller, allowed: outcome === 'allowed', asked: [asked] }
  writeDecision(view, process.stdout, screen.language, undefined, { folded: true })
}

/** Shows the solution, after three hints or two checks that failed, or once the lesson is solved. */
export function showSolution(lesson: Lesson, { screen, keeper }: Learning): void {
  if (keepShown(lesson, keeper)) screen.solution(lesson)
  else screen.lines(`${screen.text.solution}: ${screen.text.notYet}`)
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
  const due = reviewsDue(lessons, keeper)
  if (due.length === 0) screen.lines(screen.text.nothingDue)
  for (const { lesson, instance } of due) {
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
    const days = keepReview(lesson, isRight, keeper)
    screen.lines(screen.of(lesson.remember), 'bold')
    screen.lines(isRight ? screen.text.reviewRight(days) : `${screen.text.reviewWrong} ${lesson.id}`)
  }
}
