import { Lines } from '@omen-iam/policy'
import { checkShape, plainValue } from '../shape/index.ts'
import { readTree } from '../sources/index.ts'
import { type Lesson, languages, type Text } from './lesson.ts'
import { lessonShape } from './lesson-shape.ts'

/** A lesson's file that is wrong, with line and column. */
export class LessonProblem extends Error {
  override readonly name = 'LessonProblem'
}

/** Limits of a lesson, so that any team's folder can be played unread. */
export const lessonLimits = {
  characters: 256 * 1024,
  text: 600,
  checks: 12,
  calls: 40,
  documents: 64,
} as const

/** Reads a lesson, JSON or YAML. @throws LessonProblem with every mistake of the file and its place */
export function readLesson(text: string, file: string): Lesson {
  if (text.length > lessonLimits.characters)
    throw new LessonProblem(`${file}: a lesson has at most ${lessonLimits.characters} characters`)
  const root = readTree(text, file)
  const lines = new Lines(text)
  const place = (start: number) => {
    const { line, column } = lines.position(start)
    return `${file}:${line}:${column}`
  }
  if (root.type === 'problem') throw new LessonProblem(`${place(root.start)}: ${root.message}`)
  const problems = checkShape(root, lessonShape)
  if (problems.length > 0)
    throw new LessonProblem(problems.map(({ message, start }) => `${place(start)}: ${message}`).join('\n'))
  const lesson = numbered(plainValue(root)) as Lesson // its shape has just been checked
  const [wrong] = mistakesIn(lesson)
  if (wrong !== undefined) throw new LessonProblem(`${file}:1:1: ${wrong}`)
  return lesson
}

/** Members that are numbers: YAML is read with texts. */
const numbers = new Set([
  'minutes',
  'right',
  'count',
  'fails',
  'tells',
  'durationSeconds',
  'MinCount',
  'MaxCount',
])

function numbered(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => numbered(each, name))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, numbered(each, key)]))
  return typeof value === 'string' && numbers.has(name) && /^-?\d+$/.test(value) ? Number(value) : value
}

/** Yields the mistakes in a lesson that a shape cannot express. */
function* mistakesIn(lesson: Lesson): Generator<string> {
  const { checks, tells = [], before = [], mistakes, again, predict, minutes } = lesson
  if (!(minutes >= 1 && minutes <= 30)) yield 'minutes: 1 to 30'
  if (checks.length === 0 && lesson.asks === undefined) yield 'checks: a lesson has at least one'
  if (checks.length > lessonLimits.checks) yield `checks: at most ${lessonLimits.checks}`
  if (mistakes.length < 1) yield 'mistakes: a lesson has at least one'
  if (again.length < 1) yield 'again: a lesson has at least one other instance'
  const all = [...checks, ...tells, ...before, ...predict.shows, ...again.flatMap(({ shows }) => shows)]
  if (all.filter(({ call }) => call !== undefined).length > lessonLimits.calls)
    yield `calls: at most ${lessonLimits.calls}`
  for (const { options, right } of [predict, ...again]) {
    if (options.length < 2 || options.length > 5) yield 'options: 2 to 5'
    if (!(right >= 1 && right <= options.length)) yield 'right: the place of an option, from 1'
  }
  for (const mistake of mistakes)
    for (const number of mistake.fails)
      if (!(number >= 1 && number <= checks.length)) yield `fails: there is no check ${number}`
  for (const text of textsOf(lesson))
    for (const language of languages) {
      const words = text[language]
      if (words.trim() === '') yield `a text in ${language} is empty`
      if (words.length > lessonLimits.text)
        yield `a text in ${language} is longer than ${lessonLimits.text} characters`
    }
}

/** All texts of a lesson. */
export function textsOf(lesson: Lesson): readonly Text[] {
  const { title, belief, task, remember, predict, mistakes, again } = lesson
  return [
    title,
    belief,
    task,
    remember,
    ...mistakes.map(({ say }) => say),
    ...[predict, ...again].flatMap(({ ask, options }) => [ask, ...options]),
  ]
}
