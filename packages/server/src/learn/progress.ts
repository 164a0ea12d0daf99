import type { Lesson } from './lesson.ts'

/** The progress that is kept of one lesson: no account, no policy of the learner's. */
export interface LessonProgress {
  /** The first answer, before anything was shown. */
  readonly first?: {
    readonly option: number
    readonly sure: boolean
    readonly right: boolean
    readonly at: number
  }
  readonly solvedAt?: number
  /** Solved by the chapter's proof, without its prediction. */
  readonly skipped?: boolean
  /** Whether its task has been asked for to prove its chapter. */
  readonly proves?: boolean
  readonly hints: number
  /** Failed checks. */
  readonly failed: number
  /** Mistakes that were made, by their numbers. */
  readonly mistakes: readonly number[]
  /** Whether the solution was shown before it was solved. */
  readonly shown?: boolean
  /** 0 to 4; 4 is kept. */
  readonly box: number
  /** When the next review is due, in milliseconds since the epoch; absent if none is. */
  readonly due?: number
  readonly reviews: number
}

/** A learner's progress, by lesson. */
export interface Progress {
  readonly version: 1
  readonly lessons: Readonly<Record<string, LessonProgress>>
}

const day = 86_400_000
/** Days until the review of each box. */
const boxDays = [1, 3, 10, 30] as const
/** The box of what is kept for good. */
const keptBox = boxDays.length
/** The most reviews of a day. */
const reviewsMost = 3

const nothing: LessonProgress = { hints: 0, failed: 0, mistakes: [], box: 0, reviews: 0 }

export const noProgress: Progress = { version: 1, lessons: {} }

/** Reads a progress file; undefined if it is of another version or broken: then it must not be overwritten. */
export function parseProgress(text: string): Progress | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { version, lessons } = value as Partial<Progress> // an object by the line before
    return version === 1 && typeof lessons === 'object' && lessons !== null ? { version, lessons } : undefined
  } catch {
    return undefined
  }
}

/** The progress of one lesson. */
export function progressOf(progress: Progress, id: string): LessonProgress {
  return Object.hasOwn(progress.lessons, id) ? { ...nothing, ...progress.lessons[id] } : nothing
}

/** The progress with one lesson's changed. */
export function withLesson(progress: Progress, id: string, change: Partial<LessonProgress>): Progress {
  return {
    version: 1,
    lessons: { ...progress.lessons, [id]: { ...progressOf(progress, id), ...change } },
  }
}

/** The change when a task has been solved: due tomorrow, in the first box. */
export function solved(before: LessonProgress, now: number): Partial<LessonProgress> {
  return { solvedAt: before.solvedAt ?? now, box: 0, due: now + boxDays[0] * day }
}

/** The change after a review: right, the next box; wrong, the first one. */
export function reviewed(before: LessonProgress, isRight: boolean, now: number): Partial<LessonProgress> {
  const box = isRight ? Math.min(before.box + 1, keptBox) : 0
  const days = boxDays[box]
  return { box, reviews: before.reviews + 1, ...(days === undefined ? {} : { due: now + days * day }) }
}

/** Days until the next review of what is in a box; undefined if it is kept for good. */
export function daysOf(box: number): number | undefined {
  return boxDays[box]
}

/** The state of a lesson, in one word. */
export function stateOf(lesson: LessonProgress, now: number): 'new' | 'begun' | 'due' | 'solved' | 'kept' {
  if (lesson.solvedAt === undefined) return lesson.first === undefined ? 'new' : 'begun'
  if (lesson.box >= keptBox) return 'kept'
  return lesson.due !== undefined && lesson.due <= now ? 'due' : 'solved'
}

/** The progress as a table, a line for each lesson that was begun. */
export function progressCsv(lessons: readonly Lesson[], progress: Progress): string {
  const time = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString())
  const rows = lessons
    .filter(({ id }) => Object.hasOwn(progress.lessons, id))
    .map(({ id, chapter }) => {
      const { first, solvedAt, skipped, hints, failed, mistakes, shown, box, due, reviews } = progressOf(
        progress,
        id,
      )
      const said = first && [first.option, first.sure, first.right, time(first.at)]
      const solved = [time(solvedAt), skipped === true, hints, failed, mistakes.join(' '), shown === true]
      return [id, chapter, ...(said ?? ['', '', '', '']), ...solved, box, time(due), reviews].join(',')
    })
  return [`${columns.join(',')}`, ...rows, ''].join('\n')
}

const columns = [
  ...['lesson', 'chapter', 'first_option', 'first_sure', 'first_right', 'first_at', 'solved_at'],
  ...['skipped', 'hints', 'failed_checks', 'mistakes', 'solution_shown', 'box', 'due', 'reviews'],
] as const

/** The lessons to review now, at most three: first those whose first answer was wrong and sure, then the longest due. */
export function dueNow(progress: Progress, lessons: readonly Lesson[], now: number): readonly Lesson[] {
  const weight = ({ id }: Lesson) => {
    const { first, due = 0 } = progressOf(progress, id)
    return first?.sure && !first.right ? due - 365 * day : due
  }
  return lessons
    .filter(({ id }) => stateOf(progressOf(progress, id), now) === 'due')
    .sort((one, other) => weight(one) - weight(other))
    .slice(0, reviewsMost)
}
