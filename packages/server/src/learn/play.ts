import { eventTexts } from './check.ts'
import { LessonHouse } from './house.ts'
import { type JudgedCheck, judge, type Verdict } from './judge.ts'
import type { Attempt, Instance, Lesson } from './lesson.ts'

/** A broken promise of a lesson. */
export interface Broken {
  readonly where: string
  readonly message: string
}

/**
 * Plays everything that a lesson promises: what it shows, its solutions, each of its mistakes with its sentence, and its other
 * instances. What a writer of lessons runs, and the tests. @param asked receives every check that was asked
 */
export async function playLesson(
  lesson: Lesson,
  asked: (judged: JudgedCheck) => void = () => {},
): Promise<readonly Broken[]> {
  const broken: Broken[] = []
  const wrong = (where: string, message: string) => broken.push({ where, message })
  const house = await LessonHouse.open(lesson)
  const attempt = async (attempted: Attempt): Promise<Verdict> => {
    await house.startAgain()
    await house.attempt(attempted)
    const verdict = await judge(lesson, house, attempted.answer)
    verdict.checks.forEach(asked)
    return verdict
  }
  try {
    await showsOf(lesson.predict.shows, house, 'predict', wrong, asked)
    if ((await attempt({})).solved) wrong('world', 'the task is solved before anything is done')
    const answer = lesson.asks && (await eventTexts(lesson.asks, house.omen))?.join(' ')
    const solutions = [lesson.solution, ...(lesson.others ?? [])]
    for (const [index, solution] of solutions.entries()) {
      const verdict = await attempt({ ...solution, ...(answer === undefined ? {} : { answer }) })
      if (!verdict.solved) wrong(index === 0 ? 'solution' : `others ${index}`, failing(verdict))
    }
    for (const [index, mistake] of lesson.mistakes.entries()) {
      const where = `mistake ${index + 1}`
      const verdict = await attempt(mistake)
      if (verdict.solved) wrong(where, 'it solves the task')
      else if (verdict.mistake?.number !== index + 1) wrong(where, failing(verdict))
      else if (/…/.test(verdict.mistake.say.en) && /\{\w+\}/.test(mistake.say.en))
        wrong(where, 'a placeholder of its sentence has no value')
    }
  } finally {
    await house.close()
  }
  for (const [index, instance] of lesson.again.entries())
    await playInstance(lesson.id, instance, `again ${index + 1}`, wrong, asked)
  return broken
}

async function playInstance(
  id: string,
  instance: Instance,
  where: string,
  wrong: (where: string, message: string) => void,
  asked: (judged: JudgedCheck) => void,
): Promise<void> {
  const house = await LessonHouse.ofInstance(id, instance)
  try {
    await showsOf(instance.shows, house, where, wrong, asked)
    if (instance.set === undefined) return
    await house.apply(instance.set)
    await showsOf(instance.after ?? [], house, `${where} after`, wrong, asked)
  } finally {
    await house.close()
  }
}

async function showsOf(
  checks: Lesson['checks'],
  house: LessonHouse,
  where: string,
  wrong: (where: string, message: string) => void,
  asked: (judged: JudgedCheck) => void,
): Promise<void> {
  for (const [index, check] of checks.entries()) {
    const answer = await house.ask(check)
    asked({ check, answer })
    if (!answer.holds) wrong(`${where}, check ${index + 1}`, `got ${answer.got}: ${answer.sentence ?? ''}`)
  }
}

function failing({ checks, mistake }: Verdict): string {
  const fails = checks.flatMap(({ answer }, index) => (answer.holds ? [] : [`${index + 1} (${answer.got})`]))
  const said =
    mistake === undefined ? 'no mistake is recognized' : `it is taken for mistake ${mistake.number}`
  return `fails ${fails.join(', ') || 'nothing'}; ${said}`
}
