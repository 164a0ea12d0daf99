import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../base/index.ts'
import {
  type LessonProgress,
  noProgress,
  type Progress,
  parseProgress,
  progressOf,
  withLesson,
} from './progress.ts'

/** The place of one learner's progress. */
export interface ProgressPlace {
  /** Its name in complaints. */
  readonly name: string
  /** The text; undefined if there is none. */
  read(): string | undefined
  write(text: string): void
}

/** The progress is of another version or broken, or cannot be written. */
export class ProgressProblem extends Error {
  override readonly name = 'ProgressProblem'
}

/** The file of a learner's progress in a folder. It is written whole or not at all, readable only for its owner. */
export function progressFile(folder: string, name = 'learn.json'): ProgressPlace {
  const file = join(folder, name)
  return {
    name: file,
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    write(text) {
      const draft = `${file}.${process.pid}`
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(draft, text, { mode: 0o600, flush: true })
      chmodSync(draft, 0o600)
      renameSync(draft, file)
    },
  }
}

/** Keeps a learner's progress. */
export class Keeper {
  readonly #place: ProgressPlace
  readonly #clock: Clock
  readonly #problem: (message: string) => Error

  /** @param problem makes what is thrown if the progress cannot be read or written */
  constructor(
    place: ProgressPlace,
    clock: Clock,
    problem = (message: string): Error => new ProgressProblem(message),
  ) {
    this.#place = place
    this.#clock = clock
    this.#problem = problem
  }

  get now(): number {
    return this.#clock.now()
  }

  /** @throws the problem if it is of another version or broken: it is not overwritten */
  get progress(): Progress {
    const text = this.#place.read()
    if (text === undefined) return noProgress
    const progress = parseProgress(text)
    if (progress === undefined)
      throw this.#problem(`${this.#place.name} is of another version or broken: it stays as it is`)
    return progress
  }

  of(id: string): LessonProgress {
    return progressOf(this.progress, id)
  }

  /** Changes one lesson's progress; the file is read again before, for another process may have written it. */
  change(id: string, change: (before: LessonProgress) => Partial<LessonProgress>): LessonProgress {
    const { progress } = this
    const after = withLesson(progress, id, change(progressOf(progress, id)))
    try {
      this.#place.write(`${JSON.stringify(after, null, 2)}\n`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw this.#problem(`${this.#place.name} cannot be written: ${why}`)
    }
    return progressOf(after, id)
  }
}
