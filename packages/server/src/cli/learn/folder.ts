import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningOmen } from '../../index.ts'
import { type Changes, documentsOf, type Lesson, lessonLimits } from '../../learn/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'

/** The files of a lesson in which the learner writes. */
export class LessonFolder {
  readonly folder: string
  readonly #edits: readonly string[]

  constructor(parent: string, { id, edits = [] }: Lesson) {
    this.folder = join(parent, id)
    this.#edits = edits
  }

  get names(): readonly string[] {
    return this.#edits.map((edit) => join(this.folder, fileOf(edit)))
  }

  /** Lays the documents out as they are in the house; files that are there stay, unless `again`. */
  layOut(omen: RunningOmen, again: boolean): void {
    if (existsSync(this.folder) && !lstatSync(this.folder).isDirectory())
      throw badConfiguration(`${this.folder} is no folder`)
    mkdirSync(this.folder, { recursive: true })
    for (const edit of this.#edits) {
      const file = join(this.folder, fileOf(edit))
      if (existsSync(file) && !again) continue
      const present = edit === 'session' ? emptyPolicy : documentsOf(edit, omen)
      writeFileSync(file, `${JSON.stringify(present, null, 2)}\n`)
    }
  }

  /** Reads the files again. @throws CommandFailure if one is no JSON */
  read(): { readonly set: Changes; readonly session?: object } {
    const set: Record<string, Changes[string]> = {}
    let session: object | undefined
    for (const edit of this.#edits) {
      const file = join(this.folder, fileOf(edit))
      if (!existsSync(file)) continue
      const value = valueIn(file)
      if (edit === 'session') {
        if (
          typeof value === 'object' &&
          value !== null &&
          JSON.stringify(value) !== JSON.stringify(emptyPolicy)
        )
          session = value
      } else set[edit] = value as Changes[string] // the house refuses what is no policy
    }
    return { set, ...(session === undefined ? {} : { session }) }
  }
}

const emptyPolicy = { Version: '2012-10-17', Statement: [] }

function valueIn(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  if (text.length > lessonLimits.characters) throw badSyntax(`${file} is too long`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badSyntax(`${file}: ${error instanceof Error ? error.message : 'no JSON'}`)
  }
}

/** `444455556666 role/app trust` becomes `444455556666.role-app.trust.json`. */
function fileOf(edit: string): string {
  return `${edit.replaceAll('/', '-').replaceAll(' ', '.').replaceAll(':', '_')}.json`
}
