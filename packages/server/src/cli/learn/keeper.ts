import type { Clock } from '../../base/index.ts'
import {
  type LessonProgress,
  noProgress,
  type Progress,
  parseProgress,
  progressOf,
  withLesson,
} from '../../learn/index.ts'
import { badConfiguration } from '../failure.ts'
import type { Home } from '../home.ts'

/** Keeps a learner's progress in the home. */
export class Keeper {
  readonly #home: Home
  readonly #clock: Clock

  constructor(home: Home, clock: Clock) {
    this.#home = home
    this.#clock = clock
  }

  get now(): number {
    return this.#clock.now()
  }

  /** @throws CommandFailure if the file is of another version or broken: it is not overwritten */
  get progress(): Progress {
    const text = this.#home.readLearning()
    if (text === undefined) return noProgress
    const progress = parseProgress(text)
    if (progress === undefined)
      throw badConfiguration(
        `${this.#home.folder}/learn.json is of another version or broken: it stays as it is`,
      )
    return progress
  }

  of(id: string): LessonProgress {
    return progressOf(this.progress, id)
  }

  /** Changes one lesson's progress; the file is read again before, for another process may have written it. */
  change(id: string, change: (before: LessonProgress) => Partial<LessonProgress>): LessonProgress {
    const { progress } = this
    const after = withLesson(progress, id, change(progressOf(progress, id)))
    this.#home.prepare()
    this.#home.writeLearning(`${JSON.stringify(after, null, 2)}\n`)
    return progressOf(after, id)
  }
}
