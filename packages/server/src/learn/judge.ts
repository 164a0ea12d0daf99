import { type CheckAnswer, eventTexts } from './check.ts'
import type { Check } from './form/index.ts'
import type { LessonHouse } from './house.ts'
import { type Language, type Lesson, languages, type Mistake, type Text } from './lesson.ts'

/** A check of a lesson with its answer. */
export interface JudgedCheck {
  readonly check: Check
  readonly answer: CheckAnswer
}

/** The state of a task. */
export interface Verdict {
  readonly solved: boolean
  readonly checks: readonly JudgedCheck[]
  /** Of a lesson that asks for words: whether the answer is right; absent before there is one. */
  readonly answered?: boolean
  /** The number of the mistake that was made, from 1, and its sentence. */
  readonly mistake?: { readonly number: number; readonly say: Text }
  /** Questions that were asked of the engine. */
  readonly asked: number
}

/** Judges the house as it is: what it does, never the text of its policies. */
export async function judge(lesson: Lesson, house: LessonHouse, answer?: string): Promise<Verdict> {
  const checks = await askAll(lesson.checks, house)
  const holds = checks.every((each) => each.answer.holds)
  const answered = lesson.asks === undefined ? undefined : await isAnswered(lesson, house, answer)
  const solved = holds && answered !== false
  const common = {
    solved,
    checks,
    ...(answered === undefined || answer === undefined ? {} : { answered }),
  }
  const asked = (more: readonly JudgedCheck[]) =>
    [...checks, ...more].reduce((sum, each) => sum + each.answer.asked, 0)
  if (solved) return { ...common, asked: asked([]) }
  const tells = await askAll(lesson.tells ?? [], house)
  const index = lesson.mistakes.findIndex((mistake) => isMade(mistake, checks, tells, house, answer))
  const mistake = lesson.mistakes[index]
  return {
    ...common,
    asked: asked(tells),
    ...(mistake === undefined ? {} : { mistake: { number: index + 1, say: filled(mistake.say, checks) } }),
  }
}

async function askAll(checks: readonly Check[], house: LessonHouse): Promise<readonly JudgedCheck[]> {
  const all: JudgedCheck[] = []
  for (const check of checks) all.push({ check, answer: await house.ask(check) })
  return all
}

/** The answer in words has every text of the event. */
async function isAnswered({ asks }: Lesson, { omen }: LessonHouse, answer = ''): Promise<boolean> {
  const texts = asks && (await eventTexts(asks, omen))
  const given = normal(answer)
  return texts?.every((text) => text !== '' && given.includes(normal(text))) ?? false
}

/** A mistake is known by what it does: the checks that fail, and the hidden ones that hold. */
function isMade(
  mistake: Mistake,
  checks: readonly JudgedCheck[],
  tells: readonly JudgedCheck[],
  house: LessonHouse,
  answer: string | undefined,
): boolean {
  if (mistake.answer !== undefined) return answer !== undefined && normal(answer) === normal(mistake.answer)
  if ((mistake.session !== undefined) !== (house.session !== undefined)) return false
  // what the lesson begins with is no mistake of the learner's
  if (mistake.set !== undefined && house.isUntouched) return false
  const fails = numbersOf(checks, false)
  if (!isSame(fails, mistake.fails)) return false
  return tells.length === 0 || isSame(numbersOf(tells, true), mistake.tells ?? [])
}

function numbersOf(judged: readonly JudgedCheck[], holds: boolean): readonly number[] {
  return judged.flatMap(({ answer }, index) => (answer.holds === holds ? [index + 1] : []))
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each))
}

function normal(answer: string): string {
  return answer.toLowerCase().replace(/\s+/g, ' ').trim()
}

/** The sentence with what the engine has found. */
function filled(say: Text, checks: readonly JudgedCheck[]): Text {
  const failed = checks.filter(({ answer }) => !answer.holds)
  const first = (member: 'example' | 'path' | 'sentence') =>
    failed.map(({ answer }) => answer[member]).find((each) => each !== undefined) ?? '…'
  const fill = (text: string) =>
    text.replace(/\{(example|path|sentence)\}/g, (_, member: 'example' | 'path' | 'sentence') =>
      first(member),
    )
  const texts = languages.map((language: Language) => [language, fill(say[language])] as const)
  return Object.fromEntries(texts) as Text // every language
}
