import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Lesson } from './lesson.ts'
import { LessonProblem, lessonLimits, readLesson } from './read.ts'

/** The most lessons of a folder. */
const lessonsMost = 200

/** Omen's own lessons, in their order. */
export function ownLessons(): readonly Lesson[] {
  return readLessons(fileURLToPath(new URL('../../lessons/', import.meta.url)))
}

/**
 * The lessons of a folder, in the order of their files. Nothing outside of it is read: no folder below, and no link.
 * @throws LessonProblem with every wrong file
 */
export function readLessons(folder: string): readonly Lesson[] {
  const lessons: Lesson[] = []
  const problems: string[] = []
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/i.test(entry.name))
    .map(({ name }) => name)
    .sort()
  if (files.length > lessonsMost) throw new LessonProblem(`${folder}: at most ${lessonsMost} lessons`)
  for (const name of files) {
    const file = join(folder, name)
    try {
      if (statSync(file).size > lessonLimits.characters * 4)
        throw new LessonProblem(`${file}: it is too large`)
      lessons.push(readLesson(readFileSync(file, 'utf8').replace(/^\ufeff/, ''), file))
    } catch (error) {
      if (!(error instanceof LessonProblem)) throw error
      problems.push(error.message)
    }
  }
  const ids = new Set<string>()
  for (const { id } of lessons) {
    if (ids.has(id)) problems.push(`${folder}: two lessons have the id ${id}`)
    ids.add(id)
  }
  if (problems.length > 0) throw new LessonProblem(problems.join('\n'))
  return lessons
}
