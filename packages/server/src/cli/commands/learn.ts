import { existsSync, statSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { systemClock, systemRandom } from '../../base/index.ts'
import { createOmen, SeedProblem } from '../../index.ts'
import {
  cardsPage,
  chapters,
  Keeper,
  type Language,
  type Lesson,
  LessonHouse,
  LessonProblem,
  nextLesson,
  type OwnQuestion,
  ownLessons,
  ownQuestions,
  passQuestion,
  playLesson,
  progressCsv,
  progressFile,
  progressOf,
  proofOf,
  readLessons,
  stateOf,
} from '../../learn/index.ts'
import { badConfiguration, badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { LessonFolder } from '../learn/folder.ts'
import { letter, needsTerminal, playOnTerminal, stopTyping } from '../learn/interactive.ts'
import { Screen } from '../learn/screen.ts'
import {
  applyFiles,
  checkTask,
  type Learning,
  layOut,
  lessonNamed,
  review,
  say,
  showHint,
  showList,
  showSolution,
} from '../learn/steps.ts'
import { print, safe } from '../output.ts'
import { defaultAccount } from '../start-values.ts'

/** The most questions about an account. */
const questionsMost = 3

interface LearnOptions {
  readonly lang?: Language
  readonly home?: string
  readonly from?: string
  readonly fromDump?: string
  readonly inventory?: string
  readonly output?: 'human' | 'json' | 'csv'
  readonly sure?: boolean
  readonly answer?: string
}

const help = `
  omen learn                     # on a terminal: the list, then a lesson
  omen learn next                # the question of the next lesson
  omen learn say two-papers c    # answer; then its task is laid out in ./omen-learn
  omen learn check two-papers    # exit 0 if the task is solved, 1 if not
  omen learn --from ./lessons    # the lessons of a team
`

/** `omen learn`: lessons about roles that one plays, judged by the engine. */
export function addLearn(program: Command): void {
  const learn = program
    .command('learn')
    .description('play lessons about roles: say what happens, see what does, and mend it')
    .addHelpText('after', help)
  shared(learn)
    .option(
      '--from-dump <file>',
      'ask about your own account: what aws iam get-account-authorization-details prints',
    )
    .option('--inventory <file>', 'resources that wear roles, and access keys, of that account')
    .action(async (options: LearnOptions) => {
      if (options.fromDump !== undefined) {
        await askAboutDump(options.fromDump, options)
        return
      }
      needsTerminal()
      await playOnTerminal(learningOf(options), undefined)
    })
  const verb = (name: string, description: string) => shared(learn.command(name).description(description))
  verb('list', 'list the lessons and how they stand')
    .addOption(new Option('--output <format>', 'the format of the output').choices(['human', 'json']))
    .action((_: unknown, command: Command) => list(all(command)))
  verb('start', 'play a lesson on a terminal')
    .argument('<lesson>', 'its id or number')
    .action(async (name: string, _: unknown, command: Command) => {
      needsTerminal()
      const learning = learningOf(all(command))
      await playOnTerminal(learning, lessonNamed(name, learning.lessons))
    })
  verb('next', 'show the question of the next lesson, or of one')
    .argument('[lesson]', 'its id or number')
    .action((name: string | undefined, _: unknown, command: Command) => next(name, all(command)))
  verb('say', 'answer the question of a lesson, and get its task')
    .argument('<lesson>', 'its id or number')
    .argument('<option>', 'a letter')
    .option('--sure', 'I am sure')
    .action((name: string, letter: string, _: unknown, command: Command) =>
      answer(name, letter, all(command)),
    )
  verb('check', 'judge the files of a lesson; or play every promise of a folder of lessons')
    .argument('<lesson>', 'its id or number, or a folder of lessons')
    .option('--answer <text>', 'the answer of a lesson that asks for words')
    .action((name: string, _: unknown, command: Command) => check(name, all(command)))
  verb('hint', 'show the next hint of a lesson')
    .argument('<lesson>', 'its id or number')
    .action((name: string, _: unknown, command: Command) =>
      inHouse(name, all(command), async (lesson, house, learning) => {
        await applyFiles(house, new LessonFolder(learning.parent, lesson))
        await showHint(lesson, house, learning)
      }),
    )
  verb('solution', 'show the solution of a lesson, after three hints or two checks that failed')
    .argument('<lesson>', 'its id or number')
    .action((name: string, _: unknown, command: Command) => {
      const learning = learningOf(all(command))
      showSolution(lessonNamed(name, learning.lessons), learning)
    })
  verb('skip', 'get the one task that proves a chapter: solved, all its lessons count as known')
    .argument('<chapter>', chapters.join(', '))
    .action((chapter: string, _: unknown, command: Command) => skip(chapter, all(command)))
  verb('review', 'answer what is due today, up to three').action(async (_: unknown, command: Command) => {
    needsTerminal()
    const learning = learningOf(all(command))
    await review(learning, (prediction) => letter(prediction, learning.screen))
    stopTyping()
  })
  verb(
    'cards',
    'print a page with the picture and a card for each lesson: omen learn cards > cards.html',
  ).action((_: unknown, command: Command) => {
    const { lessons, keeper, screen } = learningOf(all(command))
    print(cardsPage(lessons, keeper.progress, screen.language))
  })
  verb('export', 'print the progress: no names of people or accounts')
    .addOption(new Option('--output <format>', 'the format of the output').choices(['json', 'csv']))
    .action((_: unknown, command: Command) => {
      const options = all(command)
      const { keeper, lessons } = learningOf(options)
      const { progress } = keeper
      print(
        options.output === 'csv' ? progressCsv(lessons, progress) : `${JSON.stringify(progress, null, 2)}\n`,
      )
    })
}

function shared(command: Command): Command {
  return command
    .addOption(new Option('--lang <language>', 'the language (default: of LANG)').choices(['en', 'ja']))
    .addOption(new Option('--home <folder>', 'the folder that keeps the progress').env('OMEN_HOME'))
    .option('--from <folder>', 'the lessons of this folder')
}

/** The options of a verb and of `learn` itself. */
function all(command: Command): LearnOptions {
  return command.optsWithGlobals<LearnOptions>()
}

function learningOf({ lang, home, from }: LearnOptions): Learning {
  if (process.env.OMEN_LEARN === 'off') throw badConfiguration('lessons are off here: OMEN_LEARN is off')
  const language = lang ?? languageIn(process.env)
  return {
    lessons: from === undefined ? ownLessons() : lessonsIn(from),
    keeper: new Keeper(progressFile(Home.at(home).folder), systemClock, badConfiguration),
    screen: new Screen(language, process.stdout),
    parent: 'omen-learn',
  }
}

/** The language of the environment: Japanese, or English. */
function languageIn(environment: NodeJS.ProcessEnv): Language {
  const { OMEN_LANG, LC_ALL, LC_MESSAGES, LANG } = environment
  return (OMEN_LANG || LC_ALL || LC_MESSAGES || LANG || '').startsWith('ja') ? 'ja' : 'en'
}

function lessonsIn(folder: string): readonly Lesson[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw badSyntax(`${safe(folder)} is no folder`)
  try {
    return readLessons(folder)
  } catch (error) {
    throw error instanceof LessonProblem ? badSyntax(error.message) : error
  }
}

function list(options: LearnOptions): void {
  const learning = learningOf(options)
  if (options.output !== 'json') {
    showList(learning)
    return
  }
  const { progress, now } = learning.keeper
  const lessons = learning.lessons.map(({ id, chapter, minutes, title }) => {
    const { due } = progressOf(progress, id)
    const state = stateOf(progressOf(progress, id), now)
    return {
      id,
      chapter,
      minutes,
      title: learning.screen.of(title),
      state,
      ...(due === undefined ? {} : { due }),
    }
  })
  print(`${JSON.stringify(lessons, null, 2)}\n`)
}

function next(name: string | undefined, options: LearnOptions): void {
  const learning = learningOf(options)
  const { screen, lessons } = learning
  const lesson = name === undefined ? nextLesson(lessons, learning.keeper) : lessonNamed(name, lessons)
  if (lesson === undefined) {
    screen.lines(screen.text.allDone)
    return
  }
  screen.question(lesson, lessons.indexOf(lesson) + 1)
  screen.line()
  screen.lines(`${screen.text.predict} omen learn say ${lesson.id} LETTER`)
}

async function answer(name: string, letter: string, options: LearnOptions): Promise<void> {
  await inHouse(name, options, async (lesson, house, learning) => {
    const option = letter.toLowerCase().charCodeAt(0) - 96
    if (letter.length !== 1 || !(option >= 1 && option <= lesson.predict.options.length))
      throw badSyntax(`${safe(letter)} is no letter of an option`)
    await say(lesson, option, options.sure === true || letter !== letter.toLowerCase(), house, learning)
    layOut(lesson, house, learning)
    learning.screen.lines(`omen learn check ${lesson.id}`)
  })
}

async function check(name: string, options: LearnOptions): Promise<void> {
  if (existsSync(name) && statSync(name).isDirectory() && options.from === undefined) {
    await checkFolder(lessonsIn(name))
    return
  }
  await inHouse(name, options, async (lesson, house, learning) => {
    const folder = layOut(lesson, house, learning)
    const verdict = await checkTask(lesson, house, folder, learning, options.answer)
    process.exitCode = verdict?.solved === true ? 0 : exitCodes.no
  })
}

/** Plays what a team's lessons promise. */
async function checkFolder(lessons: readonly Lesson[]): Promise<void> {
  let wrong = 0
  for (const lesson of lessons) {
    const broken = await playLesson(lesson)
    wrong += broken.length
    print(`${broken.length === 0 ? '✓' : '✗'} ${safe(lesson.id)}\n`)
    for (const { where, message } of broken) print(`    ${safe(where)}: ${safe(message)}\n`)
  }
  if (wrong > 0) process.exitCode = exitCodes.no
}

/** Asks up to three questions about an account; without a terminal they are shown with their answers. */
async function askAboutDump(file: string, options: LearnOptions): Promise<void> {
  const { openGraph } = await import('../graph/open.ts')
  const { inventory } = options
  const graph = await openGraph({
    from: [file],
    ...(inventory === undefined ? {} : { inventory: [inventory] }),
  })
  const random = systemRandom
  const passing = await aboutPassing(file)
  const questions = ownQuestions(graph, (below) => (random.bytes(1)[0] ?? 0) % below)
    .toSpliced(1, 0, ...(passing === undefined ? [] : [passing]))
    .slice(0, questionsMost)
  const { screen } = learningOf(options)
  if (questions.length === 0) screen.lines(screen.text.nothingToAsk)
  for (const { ask, options: choices, right, because } of questions) {
    const prediction = { ask, options: choices, right, shows: [] }
    screen.line()
    screen.prediction(prediction)
    const isAsked = process.stdin.isTTY && process.stdout.isTTY
    const said = isAsked ? await letter(prediction, screen) : { option: right, sure: false }
    if (said === undefined) break
    screen.contradiction(prediction, said.option, said.sure, [])
    screen.lines(because, 'magenta', '    ')
  }
  stopTyping()
}

/** The question about handing a role over; undefined if the file decides none. */
async function aboutPassing(file: string): Promise<OwnQuestion | undefined> {
  const { adoptedAccount, readSeeds } = await import('../seeds.ts')
  try {
    const account = adoptedAccount(readSeeds(file, { account: defaultAccount })) ?? defaultAccount
    const omen = await createOmen({ seed: file, account, port: false })
    const question = passQuestion(omen)
    await omen.close()
    return question
  } catch (error) {
    // the graph reads more kinds of files than a server begins with
    if (error instanceof CommandFailure || error instanceof SeedProblem) return undefined
    throw error
  }
}

/** Lays out the task that proves a chapter, without its prediction. */
async function skip(chapter: string, options: LearnOptions): Promise<void> {
  const learning = learningOf(options)
  const lesson = proofOf(chapter, learning.lessons)
  if (lesson === undefined) throw badSyntax(`a chapter is one of ${chapters.join(', ')}`)
  await inHouse(lesson.id, options, async (_, house) => {
    learning.screen.lines(learning.screen.text.skip)
    learning.keeper.change(lesson.id, () => ({ proves: true }))
    learning.screen.house(lesson.world)
    layOut(lesson, house, learning, true)
    learning.screen.lines(`omen learn check ${lesson.id}`)
  })
}

async function inHouse(
  name: string,
  options: LearnOptions,
  act: (lesson: Lesson, house: LessonHouse, learning: Learning) => Promise<void>,
): Promise<void> {
  const learning = learningOf(options)
  const lesson = lessonNamed(name, learning.lessons)
  const house = await LessonHouse.open(lesson)
  try {
    await act(lesson, house, learning)
  } finally {
    await house.close()
  }
}
