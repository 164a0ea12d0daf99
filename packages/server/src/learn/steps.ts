import type { Chapter } from '../views/index.ts'
import type { Verdict } from './judge.ts'
import type { Keeper } from './keeper.ts'
import type { Instance, Lesson } from './lesson.ts'
import { daysOf, dueNow, type LessonProgress, progressOf, reviewed, solved, stateOf } from './progress.ts'

const day = 86_400_000
/** After so many hints, or checks that failed, the solution may be seen. */
const enough = { hints: 3, failed: 2 }

/** The lesson to play next: the one that was left, or the first that is new. */
export function nextLesson(lessons: readonly Lesson[], keeper: Keeper): Lesson | undefined {
  const { progress, now } = keeper
  const state = ({ id }: Lesson) => stateOf(progressOf(progress, id), now)
  return lessons.find((each) => state(each) === 'begun') ?? lessons.find((each) => state(each) === 'new')
}

/** The lesson that proves a chapter: the one that says so, or its last. */
export function proofOf(chapter: string, lessons: readonly Lesson[]): Lesson | undefined {
  const own = lessons.filter((lesson) => lesson.chapter === chapter)
  return own.find(({ proof }) => proof === true) ?? own.at(-1)
}

/** Keeps the first answer to a lesson's question; a later one changes nothing. */
export function keepAnswer({ id, predict }: Lesson, option: number, sure: boolean, keeper: Keeper): void {
  const right = option === predict.right
  keeper.change(id, ({ first }) => ({ first: first ?? { option, sure, right, at: keeper.now } }))
}

/** Keeps how a task was judged. A task that proves its chapter makes the chapter's other lessons known. */
export function keepVerdict(
  lesson: Lesson,
  verdict: Verdict,
  lessons: readonly Lesson[],
  keeper: Keeper,
): LessonProgress {
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
  if (verdict.solved && kept.proves === true) proveChapter(lesson.chapter, lessons, keeper)
  return kept
}

/** Keeps that a task could not be judged. */
export function keepRefusal({ id }: Lesson, keeper: Keeper): void {
  keeper.change(id, ({ failed }) => ({ failed: failed + 1 }))
}

/** They count as known, and come back in reviews. */
function proveChapter(proven: Chapter, lessons: readonly Lesson[], keeper: Keeper): void {
  for (const { id, chapter } of lessons)
    if (chapter === proven && keeper.of(id).solvedAt === undefined)
      keeper.change(id, () => ({ solvedAt: keeper.now, skipped: true, box: 1, due: keeper.now + 3 * day }))
}

/** Which hint is shown next, from 0, of so many; it is kept. */
export function keepHint({ id }: Lesson, of: number, keeper: Keeper): number {
  const { hints } = keeper.of(id)
  if (hints < of) keeper.change(id, (before) => ({ hints: before.hints + 1 }))
  return Math.min(hints, of - 1)
}

/** Whether the solution may be seen: after three hints or two checks that failed, or once the lesson is solved. */
export function maySeeSolution({ hints, failed, solvedAt }: LessonProgress): boolean {
  return solvedAt !== undefined || hints >= enough.hints || failed >= enough.failed
}

/** Whether the solution may be seen; that it was, before the lesson is solved, is kept. */
export function keepShown({ id }: Lesson, keeper: Keeper): boolean {
  const progress = keeper.of(id)
  if (!maySeeSolution(progress)) return false
  if (progress.solvedAt === undefined) keeper.change(id, () => ({ shown: true }))
  return true
}

/** Returns the reviews that are due now, each in the instance whose turn it is. */
export function reviewsDue(
  lessons: readonly Lesson[],
  keeper: Keeper,
): readonly { readonly lesson: Lesson; readonly instance: Instance }[] {
  return dueNow(keeper.progress, lessons, keeper.now).flatMap((lesson) => {
    const instance = lesson.again[keeper.of(lesson.id).reviews % lesson.again.length]
    return instance === undefined ? [] : [{ lesson, instance }]
  })
}

/** Keeps a review. Returns the days until the next one; undefined if the lesson is kept for good. */
export function keepReview({ id }: Lesson, isRight: boolean, keeper: Keeper): number | undefined {
  return daysOf(keeper.change(id, (before) => reviewed(before, isRight, keeper.now)).box)
}
