import type { Clock } from '../../base/index.ts'
import { type PracticeQuestion, Refusal } from '../../gate/index.ts'
import {
  type Changes,
  type Check,
  callWords,
  chapters,
  checkWords,
  documentsOf,
  dueNow,
  eventsOfHouse,
  hintsOf,
  type Instance,
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
  progressCsv,
  progressOf,
  proofOf,
  reviewsDue,
  stateOf,
} from '../index.ts'
import { type Room, Rooms, shownIn } from './rooms.ts'
import { inBoth, pretty, viewAnswer, viewHouse, viewSolution, viewSolved, viewVerdict } from './view.ts'

export interface PracticeParts {
  readonly lessons: readonly Lesson[]
  readonly clock: Clock
  /** The progress of a person. */
  keeperOf(person: string): Keeper
}

/** The session policy until the learner writes one. */
const emptyPolicy = { Version: '2012-10-17', Statement: [] }

/** Lessons that are played by requests: each answer is JSON, with all texts in every language. */
export class Practice {
  readonly #parts: PracticeParts
  readonly #rooms: Rooms
  /** Requests are answered one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: PracticeParts) {
    this.#parts = parts
    this.#rooms = new Rooms(parts.clock)
  }

  /** @throws Refusal if it cannot be answered; ProgressProblem if the progress cannot be read or written */
  answer(question: PracticeQuestion): Promise<object> {
    const answered = this.#last.then(() => this[question.op](question))
    this.#last = answered.catch(() => {})
    return answered
  }

  get openHouses(): number {
    return this.#rooms.count
  }

  close(): Promise<void> {
    return this.#rooms.close()
  }

  /** The lessons, each with its state. */
  list({ person }: PracticeQuestion): object {
    const { lessons } = this.#parts
    const keeper = this.#parts.keeperOf(person)
    const { progress, now } = keeper
    return {
      lessons: lessons.map(({ id, chapter, minutes, title }, index) => {
        const own = progressOf(progress, id)
        const { due } = own
        const state = stateOf(own, now)
        return {
          id,
          number: index + 1,
          chapter,
          minutes,
          title,
          state,
          ...(due === undefined ? {} : { due }),
        }
      }),
      chapters: chapters.filter((chapter) => lessons.some((lesson) => lesson.chapter === chapter)),
      next: nextLesson(lessons, keeper)?.id,
      due: dueNow(progress, lessons, now).length,
    }
  }

  /** The progress to take along. */
  progress({ person, body }: PracticeQuestion): object {
    const { progress } = this.#parts.keeperOf(person)
    return body.format === 'csv' ? { csv: progressCsv(this.#parts.lessons, progress) } : progress
  }

  /** Opens a lesson: its house, its question, and as much more as the learner has reached. */
  async open({ person, subject }: PracticeQuestion): Promise<object> {
    const { lesson, room, keeper } = await this.#at(person, subject)
    const { id, chapter, minutes, title, world, predict, task, asks } = lesson
    const progress = keeper.of(id)
    const { first, hints, proves } = progress
    const reached = first !== undefined || proves === true || progress.solvedAt !== undefined
    return {
      id,
      number: this.#parts.lessons.indexOf(lesson) + 1,
      chapter,
      minutes,
      title,
      house: await viewHouse(world, room.house),
      ...viewQuestion(predict),
      hints,
      ...(first === undefined ? {} : { said: await this.#saidIn(room, first.option, first.sure) }),
      ...(reached
        ? {
            task,
            asks: asks !== undefined,
            documents: documentsIn(room),
            calls: callsOf(lesson).map(wordsOf),
          }
        : {}),
      ...(progress.solvedAt === undefined ? {} : { solvedBefore: true }),
    }
  }

  /** Takes the prediction, and contradicts it. */
  async say({ person, subject, body }: PracticeQuestion): Promise<object> {
    const { lesson, room, keeper } = await this.#at(person, subject)
    const option = optionIn(body, lesson.predict)
    keepAnswer(lesson, option, body.sure === true, keeper)
    await this.#saidIn(room, option, body.sure === true)
    return this.open({ op: 'open', person, subject, body: {} })
  }

  /** Takes the documents, and judges. */
  async check({ person, subject, body }: PracticeQuestion): Promise<object> {
    const { lesson, room, keeper } = await this.#at(person, subject)
    const refused = await take(body, room)
    if (refused !== undefined) {
      keepRefusal(lesson, keeper)
      return { refused }
    }
    return this.#judged(room, keeper, textOf(body.answer, 600))
  }

  /** Makes one of the lesson's calls in its house, and judges. */
  async call({ person, subject, body }: PracticeQuestion): Promise<object> {
    const { lesson, room, keeper } = await this.#at(person, subject)
    const call = callsOf(lesson)[Number(body.call) - 1]
    if (call === undefined) return wrong('call must be the number of a call of the lesson')
    // what a lesson expects of it is not what the learner is shown
    const { code: _, ...made } = call
    const answer = await room.house.ask(made).catch((error: unknown) => {
      if (error instanceof TypeError) return { holds: false, got: 'no session', asked: 0 }
      throw error
    })
    const words = wordsOf(call)
    return { call: { ...viewAnswer(call, answer), words }, ...(await this.#judged(room, keeper)) }
  }

  /** The trail of the lesson's house, newest first. */
  async events({ person, subject }: PracticeQuestion): Promise<object> {
    const { room } = await this.#at(person, subject)
    return { events: await eventsOfHouse(room.house.omen) }
  }

  async hint({ person, subject, body }: PracticeQuestion): Promise<object> {
    const { lesson, room, keeper } = await this.#at(person, subject)
    await take(body, room)
    const verdict = await judge(lesson, room.house)
    const hints = { en: hintsOf(lesson, verdict, 'en'), ja: hintsOf(lesson, verdict, 'ja') }
    const of = hints.en.length
    const number = keepHint(lesson, of, keeper)
    return { number: number + 1, of, hint: inBoth((language) => hints[language][number] ?? '') }
  }

  /** The solution, after three hints or two checks that failed. */
  async solution({ person, subject }: PracticeQuestion): Promise<object> {
    const { lesson, keeper } = await this.#at(person, subject)
    return keepShown(lesson, keeper) ? viewSolution(lesson) : { notYet: true }
  }

  /** Takes the house back to its beginning. */
  async again({ person, subject }: PracticeQuestion): Promise<object> {
    const { room } = await this.#at(person, subject)
    await room.house.startAgain()
    return { documents: documentsIn(room) }
  }

  async leave({ person, subject }: PracticeQuestion): Promise<object> {
    await this.#rooms.leave(person, subject)
    return {}
  }

  /** Names the one task that proves a chapter, which then needs no prediction. */
  skip({ person, subject }: PracticeQuestion): object {
    const lesson = proofOf(subject, this.#parts.lessons)
    if (lesson === undefined) throw new Refusal(404, 'There is no such chapter.')
    this.#parts.keeperOf(person).change(lesson.id, () => ({ proves: true }))
    return { lesson: lesson.id }
  }

  /** The first lesson that is due, in other clothes. */
  async review({ person }: PracticeQuestion): Promise<object> {
    const due = reviewsDue(this.#parts.lessons, this.#parts.keeperOf(person))
    const [first] = due
    if (first === undefined) return { due: 0 }
    const { lesson, instance } = first
    const house = await inInstance(lesson, instance, (opened) => viewHouse(instance.world, opened))
    return { due: due.length, id: lesson.id, title: lesson.title, house, ...viewQuestion(instance) }
  }

  /** Takes the answer of a review. */
  async reviewed({ person, subject, body }: PracticeQuestion): Promise<object> {
    const keeper = this.#parts.keeperOf(person)
    const due = reviewsDue(this.#parts.lessons, keeper).find(({ lesson }) => lesson.id === subject)
    if (due === undefined) throw new Refusal(409, 'This lesson is not due.')
    const { lesson, instance } = due
    const option = optionIn(body, instance)
    const shown = await inInstance(lesson, instance, async (house) => {
      const answers: ReturnType<typeof viewAnswer>[] = []
      for (const check of instance.shows) answers.push(viewAnswer(check, await house.ask(check)))
      return answers
    })
    const isRight = option === instance.right
    const days = keepReview(lesson, isRight, keeper)
    return {
      said: { option, sure: body.sure === true, right: instance.right, shown },
      remember: lesson.remember,
      ...(days === undefined ? {} : { days }),
    }
  }

  async #at(person: string, id: string) {
    const lesson = this.#parts.lessons.find((each) => each.id === id)
    if (lesson === undefined) throw new Refusal(404, 'There is no such lesson.')
    return { lesson, room: await this.#rooms.of(person, lesson), keeper: this.#parts.keeperOf(person) }
  }

  async #saidIn(room: Room, option: number, sure: boolean) {
    return { option, sure, right: room.lesson.predict.right, shown: await shownIn(room) }
  }

  async #judged(room: Room, keeper: Keeper, answer?: string): Promise<object> {
    const { lesson, house } = room
    const verdict = await judge(lesson, house, answer)
    const kept = keepVerdict(lesson, verdict, this.#parts.lessons, keeper)
    return {
      ...viewVerdict(verdict),
      ...(verdict.solved
        ? { after: viewSolved(lesson, kept), next: nextLesson(this.#parts.lessons, keeper)?.id }
        : {}),
    }
  }
}

function viewQuestion({ ask, options }: Prediction) {
  return { ask, options }
}

async function inInstance<T>(
  { id }: Lesson,
  instance: Instance,
  run: (house: LessonHouse) => Promise<T>,
): Promise<T> {
  const house = await LessonHouse.ofInstance(id, instance)
  try {
    return await run(house)
  } finally {
    await house.close()
  }
}

/** The documents of a lesson as they are in its house. */
function documentsIn({ lesson, house }: Room) {
  return (lesson.edits ?? []).map((name) => ({
    name,
    text: pretty(name === 'session' ? (house.session ?? emptyPolicy) : documentsOf(name, house.omen)),
  }))
}

/** Takes what the learner has written. Returns why it is refused, in AWS's words or JSON's. */
async function take({ documents = {} }: PracticeQuestion['body'], room: Room): Promise<string | undefined> {
  if (typeof documents !== 'object' || documents === null) return wrong('documents must be an object')
  const set: Record<string, Changes[string]> = {}
  let session: object | undefined
  for (const name of room.lesson.edits ?? []) {
    const text = (documents as Readonly<Record<string, unknown>>)[name] // an object by the check above
    if (text === undefined) continue
    if (typeof text !== 'string') return wrong('a document must be a text')
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      return `${name}: ${error instanceof Error ? error.message : 'no JSON'}`
    }
    if (name !== 'session')
      set[name] = value as Changes[string] // the house refuses what is no policy
    else if (typeof value === 'object' && value !== null && pretty(value) !== pretty(emptyPolicy))
      session = value
  }
  return room.house.take(set, session)
}

/** The calls that a lesson offers where there is no shell: those of its solution and mistakes, in an order that says nothing. */
function callsOf({ solution, mistakes }: Lesson): readonly Check[] {
  if (solution.calls === undefined) return []
  const calls = [solution, ...mistakes].flatMap((attempt) => attempt.calls ?? [])
  const byWords = new Map(calls.map(({ code: _, ...call }) => [checkWords(call, 'en'), call]))
  return [...byWords].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, call]) => call)
}

function wordsOf(call: Check) {
  return inBoth((language) => callWords(call, language))
}

function optionIn({ option }: PracticeQuestion['body'], { options }: Prediction): number {
  return Number.isInteger(option) && Number(option) >= 1 && Number(option) <= options.length
    ? Number(option)
    : wrong('option must be the number of an option')
}

function textOf(value: unknown, longest: number): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' && value.length <= longest ? value : wrong('answer must be a text')
}

/** @throws Refusal: what was sent is wrong */
function wrong(message: string): never {
  throw new Refusal(400, message)
}
